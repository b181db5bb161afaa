/** How the processes of services are started: bin/service-process.mjs. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { flagsOf, SERVICE_FLAGS, SITE_FLAGS } from '../../bin/service-process.mjs';
import { compileService } from '../../scripts/compile-service.mjs';
import { RelayProcess } from '../support/relay-process.ts';

const MODULE = pathToFileURL(new URL('../../bin/service-process.mjs', import.meta.url).pathname).href;

test('services have flags, other commands have none', () => {
  assert.equal(flagsOf(['start', '--quiet']), SERVICE_FLAGS);
  assert.equal(flagsOf(['asp', 'wwwroot']), SITE_FLAGS);
  for (const words of [[], ['status'], ['toString'], ['script', 'start']])
    assert.equal(flagsOf(words), undefined);
});

test('a thread has the young generation it is given, whatever flag the process has', () => {
  const program = `
import { Worker } from 'node:worker_threads';
import { leaveThreadsTheirLimits } from ${JSON.stringify(MODULE)};
leaveThreadsTheirLimits();
const fill = 'let a = []; for (let i = 0; i < 1e6; i++) { a.push({ i }); if (a.length > 20000) a = []; }' +
  'console.log(require("node:v8").getHeapSpaceStatistics().find((s) => s.space_name === "new_space").space_size)';
new Worker(fill, { eval: true, execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 6 } });`;
  const { stdout } = spawnSync(process.execPath, [...SERVICE_FLAGS, '--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  // Two halves of 2 MB; the flag would allow two of 8.
  assert.ok(Number(stdout) > 0 && Number(stdout) <= 4 * 1024 ** 2, stdout);
});

test('what is compiled ahead is all that the service and its threads load', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-compiled-'));
  t.after(() => rmSync(folder, { recursive: true }));
  compileService(process.execPath, folder);
  const relay = await RelayProcess.start(['--quiet', '--listen', '127.0.0.1:0'], undefined, {
    NODE_COMPILE_CACHE: folder,
    NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
  });
  t.after(() => relay.dispose());
  const found = relay.output.match(/retrieving transpile cache for StrippedTypeScript .*/g) ?? [];
  assert.ok(found.length > 100, `${found.length} modules were compiled ahead`);
  assert.deepEqual(relay.output.match(/no transpile cache for StrippedTypeScript .*/g), null);
});
