/**
 * Compiles the service of a clone ahead, once after the packages were installed.
 * Owns: what the service and its threads begin with.  Leaves: where compiled code is kept, and when (bootstrap).
 * Fails: never. What is wrong with a module shows when the service starts.
 *
 * So the first start is as quick as every later one, and as small: each thread that has to strip types from its modules keeps ten
 * megabytes for it. Compiled code is good for the flags of V8 that it was made with. Runs on Node 18 and later.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SERVICE_FLAGS } from '../bin/service-process.mjs';

const MODULES = ['cli/main.ts', 'cli/start.ts', 'queue/store-thread.ts', 'intake/pickup-thread.ts'];

const source = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src');

/** `node`: a Node 24; `folder`: for NODE_COMPILE_CACHE. */
export function compileService(node, folder) {
  const urls = MODULES.map((name) => pathToFileURL(join(source, name)).href);
  // A thread's module fails where there is no thread around it; by then it is compiled.
  const program = `for (const url of ${JSON.stringify(urls)}) await import(url).catch(() => {}); process.exit();`;
  spawnSync(node, [...SERVICE_FLAGS, '--input-type=module', '-e', program], {
    env: { ...process.env, NODE_COMPILE_CACHE: folder },
    stdio: 'ignore',
    timeout: 60_000,
  });
}
