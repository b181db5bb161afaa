/**
 * Finds the program behind a command and a Node that can run it.
 * In a clone the sources run as they are; the published package carries dist/. Runs on Node 18 and later.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import module from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** `program` is a file of src/cli without its extension. */
export async function launch(program) {
  const source = join(root, 'src', 'cli', `${program}.ts`);
  const script = existsSync(source) ? source : join(root, 'dist', 'cli', `${program}.js`);
  if (Number(process.versions.node.split('.')[0]) >= 24) {
    // Keeps what was compiled for the next start. Where it cannot be written nothing is lost but time.
    nodeModule.enableCompileCache(
      existsSync(source) ? join(root, 'node_modules', '.cache', 'compiled') : undefined,
    );
    keepCompiledCode();
    const { main } = await import(pathToFileURL(script).href);
    await main();
    return;
  }
  const carried = join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(carried)) {
    console.error(
      `mailroot: Node.js 24 or later is needed; this is ${process.version}. See https://nodejs.org.`,
    );
    process.exit(1);
  }
  const child = spawn(carried, [script, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1;
  });
}

/**
 * Keeps compiled code between starts, which halves the time a command needs. The folder belongs to the user alone, since code
 * read from it is run: MAILROOT_CODE_CACHE, else the user's cache folder; none for users without a home.
 */
function keepCompiledCode() {
  const { env } = process;
  const cache = env.XDG_CACHE_HOME || (env.HOME || env.USERPROFILE ? join(homedir(), '.cache') : '');
  const folder = env.MAILROOT_CODE_CACHE ?? (cache === '' ? '' : join(cache, 'mailroot', 'code'));
  if (folder === '') return;
  module.enableCompileCache(folder);
  // Script threads are handed the same folder.
  env.MAILROOT_CODE_CACHE = folder;
}
