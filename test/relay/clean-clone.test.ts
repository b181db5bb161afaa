/**
 * The promise of the README: a clean clone, `npm start` on whatever Node the machine has, a file into Pickup, delivered to a
 * real Postfix that a real DNS server names. Everything on loopback; the clone has no node_modules.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { it } from 'node:test';
import { startNsd } from '../support/nsd.ts';
import { PostfixMailbox } from '../support/postfix.ts';

const root = join(import.meta.dirname, '../..');

/** The path without the Node that this repository carries: the clone has to cope with the machine's own. */
const systemPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);

it('npm start in a clean clone delivers a file from Pickup to the MX host that DNS names', async (t) => {
  const clone = mkdtempSync(join(tmpdir(), 'mailroot-clone-'));
  // An address of its own on loopback, so that the MX host has port 25 as everywhere.
  const host = `127.${1 + Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}.25`;
  const postfix = await PostfixMailbox.start(['shop.test'], { host, port: 25 });
  const dns = await startNsd({
    'shop.test': [
      ['shop.test', 'MX', '10 mx.shop.test.'],
      ['mx.shop.test', 'A', host],
    ],
  });
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone]);
  const environment = Object.fromEntries(
    Object.entries({ ...process.env, PATH: systemPath }).filter(([name]) => !/^npm_|^NODE_/.test(name)),
  );
  t.diagnostic(
    `Node of the machine: ${execFileSync('node', ['--version'], { env: environment, encoding: 'utf8' }).trim()}`,
  );
  const relay = spawn('npm', ['start', '--', '--dns', dns.server, '--listen', '127.0.0.1:0'], {
    cwd: clone,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  const exited = once(relay, 'exit');
  for (const stream of [relay.stdout, relay.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  try {
    while (!printed.includes('is running.')) {
      const ended = await Promise.race([
        exited.then(() => true),
        once(relay.stdout, 'data').then(() => false),
      ]);
      assert.ok(!ended, `npm start ended:\n${printed}`);
    }
    assert.ok(existsSync(join(clone, 'node_modules')), 'packages were installed');
    const pickup = join(clone, 'mailroot', 'Pickup');
    const file = join(clone, 'hello.eml');
    writeFileSync(
      file,
      'From: Orders <orders@shop.test>\nTo: bob@shop.test\nSubject: Hello\n\nFirst line\n.\nLast line\n',
    );
    renameSync(file, join(pickup, 'hello.eml'));
    const [message] = await postfix.reached(1);
    assert.match(message!, /^Return-Path: <orders@shop\.test>$/m);
    assert.match(message!, /^Received: from mail pickup service by /m);
    assert.match(message!, /^Subject: Hello$/m);
    assert.ok(message!.endsWith('\n\nFirst line\n.\nLast line\n'), message);
    assert.deepEqual(
      readdirSync(pickup).filter((name) => !name.startsWith('.')),
      [],
    );
    // npm itself ends at the signal; the pipe closes when the relay has ended too.
    const silent = once(relay.stdout, 'close');
    process.kill(-relay.pid!, 'SIGTERM');
    await silent;
    assert.match(printed, /Mailroot has stopped/);
  } finally {
    if (relay.exitCode === null && relay.signalCode === null) process.kill(-relay.pid!, 'SIGKILL');
    await dns.stop();
    postfix.stop();
    rmSync(clone, { recursive: true, force: true });
  }
});
