/**
 * What `npm start`, `npm test` and the other npm scripts begin with: makes a clean clone ready, then runs the task on Node 24.
 * Owns: installing the npm packages when they are missing or outdated, finding a Node 24.
 * Leaves: compiling ahead (compile-service), the tasks themselves.
 * Runs on Node 18 and later, so it is plain JavaScript and uses nothing newer. A task is a script path and its arguments.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flagsOf, SERVICE_ENVIRONMENT } from '../bin/service-process.mjs';
import { compileService } from './compile-service.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampPath = join(root, 'node_modules', '.mailroot-installed');
/** The sources are TypeScript: keeping their compiled form makes every later start three times as fast. */
const compileCache = join(root, 'node_modules', '.cache', 'compiled');
const [task, ...taskArguments] = process.argv.slice(2);

if (Number(process.versions.node.split('.')[0]) < 18) {
  fail(
    `Node.js 18 or later is needed to set Mailroot up; this is ${process.version}. See https://nodejs.org.`,
  );
}
if (task === undefined) fail('usage: node scripts/bootstrap.mjs SCRIPT [ARGUMENT …]');

installPackages();
run(findNode24(), task, taskArguments);

/** Installs when node_modules does not match package-lock.json; otherwise costs one hash. */
function installPackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === wanted) return;
  console.error('Mailroot: installing npm packages (once) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (result.error) fail(`npm could not be started: ${result.error.message}. Install npm and try again.`);
  if (result.status !== 0)
    fail(`'npm ci' failed with exit code ${result.status}. Its message above says why.`);
  compileService(findNode24(), compileCache);
  writeFileSync(stampPath, wanted);
}

/** This Node when it is new enough, else the one that the npm package 'node' brought. */
function findNode24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const carried = join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(carried)) return carried;
  fail(
    `Mailroot runs on Node.js 24 or later; this is ${process.version}, and the npm package 'node' did not bring one.\n` +
      "Its install script may have been blocked: run 'npm rebuild node', or install Node.js 24 from https://nodejs.org.",
  );
}

function run(node, script, scriptArguments) {
  const flags = script === 'src/cli/main.ts' ? flagsOf(scriptArguments) : undefined;
  const environment = {
    NODE_COMPILE_CACHE: compileCache,
    ...(flags && SERVICE_ENVIRONMENT),
    ...process.env,
  };
  // The command begins as it does when it is installed: its launcher sees to the limits of threads and to compiled code.
  const program = script === 'src/cli/main.ts' ? 'bin/mailroot.mjs' : script;
  const child = spawn(node, [...(flags ?? []), join(root, program), ...scriptArguments], {
    stdio: 'inherit',
    cwd: process.cwd(),
    env: environment,
  });
  // Ctrl-C reaches the child by the terminal; a signal sent to this process alone must be passed on.
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1;
  });
}

function fail(message) {
  console.error(`Mailroot: ${message}`);
  process.exit(1);
}
