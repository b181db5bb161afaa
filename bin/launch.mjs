/**
 * Finds the program behind a command and a Node that can run it.
 * In a clone the sources run as they are; the published package carries dist/. Runs on Node 18 and later.
 */
import { existsSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { usePack } from './module-pack.mjs';
import {
  flagsOf,
  leaveThreadsTheirLimits,
  SERVICE_ENVIRONMENT,
  startAgainSmall,
} from './service-process.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** `program` is a file of src/cli without its extension. */
export async function launch(program) {
  const source = join(root, 'src', 'cli', `${program}.ts`);
  const script = existsSync(source) ? source : join(root, 'dist', 'cli', `${program}.js`);
  const flags = program === 'main' ? flagsOf(process.argv.slice(2)) : undefined;
  if (Number(process.versions.node.split('.')[0]) >= 24) {
    if (flags !== undefined) {
      startAgainSmall(flags);
      leaveThreadsTheirLimits();
    }
    const cache = keepCompiledCode(existsSync(source));
    const url = pathToFileURL(script).href;
    const keep = cache === undefined ? undefined : usePack(cache, url);
    // A script runs in a thread, which loads what it needs while this one loads the command.
    const thread = program === 'script' ? await startScriptThread(script, cache) : undefined;
    const { main } = await import(url);
    keep?.();
    await main(thread);
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
  const { spawn } = await import('node:child_process');
  const child = spawn(carried, [...(flags ?? []), script, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: flags !== undefined ? { ...SERVICE_ENVIRONMENT, ...process.env } : process.env,
  });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1;
  });
}

async function startScriptThread(script, cache) {
  const starter = join(dirname(script), '..', 'script', `start-thread${extname(script)}`);
  return (await import(pathToFileURL(starter).href)).startScriptThread(cache);
}

/**
 * Keeps compiled code between starts, which halves the time a command needs. Where it cannot be written nothing is lost but
 * time. Returns the folder. Code read from there is run, so it is never a folder all users write to: MAILROOT_CODE_CACHE, else inside the clone,
 * else the user's own cache folder.
 */
function keepCompiledCode(isClone) {
  const { env } = process;
  const users = env.XDG_CACHE_HOME || (env.HOME || env.USERPROFILE ? join(homedir(), '.cache') : undefined);
  const usual = isClone
    ? join(root, 'node_modules', '.cache', 'compiled')
    : users && join(users, 'mailroot', 'code');
  const folder = env.MAILROOT_CODE_CACHE ?? usual;
  if (!folder) return undefined;
  module.enableCompileCache(folder);
  // Script threads are handed the same folder.
  env.MAILROOT_CODE_CACHE = folder;
  return folder;
}
