/**
 * Loads a program's modules from one file instead of from a hundred.
 * Owns: the pack – sources and the names they were imported by – its making, and telling that it is out of date.
 * Leaves: compiling (Node, whose own cache of compiled code lies beside it).
 * Why: a script's start is mostly the finding and reading of small files. Decision 0451.
 * A pack that is missing, damaged or older than any of its files is not used, and is made anew when the program is loaded. Nothing
 * depends on it: without it the modules are loaded as Node always does. It is trusted like compiled code, and kept with it.
 * Sources are packed without types and comments: each thread keeps the text of what it has loaded, and one quotation mark beyond
 * Latin-1 in a comment makes V8 keep two bytes for each character of the file. Lines and columns of the code stay as they are.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FORMAT = 2;

/**
 * Hooks this thread's module loader. `folder` holds the packs, `program` is the file that will be imported. The function that
 * comes back is called when it has been: it writes the pack if there was none.
 */
export function usePack(folder, program) {
  if (typeof module.registerHooks !== 'function') return () => {};
  const file = join(folder, `modules-${nameOf(`${FORMAT} ${process.version} ${ROOT} ${program}`)}.json`);
  const packed = readPack(file);
  const loaded = new Map();
  const hooks = module.registerHooks({
    resolve(specifier, context, next) {
      if (packed !== undefined && specifier.startsWith('.') && context.parentURL !== undefined) {
        const url = new URL(specifier, context.parentURL).href;
        const known = packed.get(url);
        if (known !== undefined) return { url, format: known.format, shortCircuit: true };
      }
      return next(specifier, context);
    },
    load(url, context, next) {
      const known = packed?.get(url);
      if (known !== undefined) return { source: known.source, format: known.format, shortCircuit: true };
      const result = next(url, context);
      if (packed === undefined && url.startsWith('file:') && result.format?.startsWith('module'))
        loaded.set(url, { format: result.format, source: String(result.source) });
      return result;
    },
  });
  return () => {
    if (packed !== undefined) return;
    hooks.deregister();
    writePack(file, loaded);
  };
}

/** A short name for a text. Packs check their files, so that two texts with one name cost time and nothing else. */
function nameOf(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** URL → format and source; undefined when there is no pack, or one of its files has changed. */
function readPack(file) {
  try {
    const packed = new Map();
    for (const { path, changed, size, format, source } of JSON.parse(readFileSync(file, 'utf8'))) {
      const facts = statSync(join(ROOT, path));
      if (facts.mtimeMs !== changed || facts.size !== size) return undefined;
      packed.set(pathToFileURL(join(ROOT, path)).href, { format, source });
    }
    return packed;
  } catch {
    return undefined;
  }
}

/**
 * JavaScript alone, without types and comments, on the same lines and columns. What cannot be read so is left as it is, and so is
 * all of it where acorn is not installed.
 */
export function lean(format, source) {
  try {
    const code = format === 'module-typescript' ? withoutTypes(source) : source;
    return { format: 'module', source: withoutComments(code) };
  } catch {
    return { format, source };
  }
}

function withoutTypes(source) {
  // Node warns that this function may change; when it does, sources are packed as they are.
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return module.stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

function withoutComments(code) {
  const { parse } = module.createRequire(import.meta.url)('acorn');
  const pieces = [];
  let done = 0;
  const onComment = (_isBlock, _text, start, end) => {
    const lines = code.slice(start, end).split('\n');
    const isLast = code[end] === '\n' || end === code.length;
    pieces.push(
      code.slice(done, start),
      '\n'.repeat(lines.length - 1),
      isLast ? '' : ' '.repeat(lines.at(-1).length),
    );
    done = end;
  };
  parse(code, { ecmaVersion: 'latest', sourceType: 'module', onComment });
  return pieces.join('') + code.slice(done);
}

/** Written beside its place and moved there, so that no other start reads half of it. A folder that takes no files is no error. */
function writePack(file, loaded) {
  try {
    const entries = [];
    for (const [url, { format, source }] of loaded) {
      const path = fileURLToPath(url);
      // Only our own files: packages are found by rules of their own.
      if (!path.startsWith(ROOT) || path.slice(ROOT.length).includes('node_modules')) continue;
      const { mtimeMs: changed, size } = statSync(path);
      entries.push({ path: path.slice(ROOT.length + 1), changed, size, ...lean(format, source) });
    }
    mkdirSync(dirname(file), { recursive: true });
    const fresh = `${file}.${process.pid}.${performance.now()}`;
    writeFileSync(fresh, JSON.stringify(entries), { mode: 0o600 });
    renameSync(fresh, file);
  } catch {
    // The next start tries again.
  }
}
