/**
 * Finds the program behind a command and a Node that can run it.
 * In a clone the sources run as they are; the published package carries dist/. Runs on Node 18 and later.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
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
    keepCompiledCode(existsSync(source));
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
 * Keeps compiled code between starts, which halves the time a command needs. Where it cannot be written nothing is lost but
 * time. Code read from there is run, so it is never a folder all users write to: MAILROOT_CODE_CACHE, else inside the clone,
 * else the user's own cache folder.
 */
function keepCompiledCode(isClone) {
  const { env } = process;
  const users = env.XDG_CACHE_HOME || (env.HOME || env.USERPROFILE ? join(homedir(), '.cache') : undefined);
  const usual = isClone
    ? join(root, 'node_modules', '.cache', 'compiled')
    : users && join(users, 'mailroot', 'code');
  const folder = env.MAILROOT_CODE_CACHE ?? usual;
  if (!folder) return;
  module.enableCompileCache(folder);
  // Script threads are handed the same folder.
  env.MAILROOT_CODE_CACHE = folder;
}
