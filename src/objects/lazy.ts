/**
 * Loads a part of the program when it is first needed, inside a call that cannot wait.
 * Why: a script uses few of the objects there are, and its start would pay for loading all of them.
 */
import { createRequire } from 'node:module';

/** The sources run as they are in a clone; the published package holds compiled files. */
const EXTENSION = import.meta.filename.endsWith('.ts') ? '.ts' : '.js';

/**
 * A function that gives the module at `path`, loading it on the first call. `path` is relative to `from` and without
 * extension, or the name of a package.
 */
export function lazily<Module>(from: string, path: string, kind: 'file' | 'package' = 'file'): () => Module {
  let module: Module | undefined;
  return () => (module ??= createRequire(from)(kind === 'file' ? path + EXTENSION : path) as Module);
}
