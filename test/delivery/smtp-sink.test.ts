/** Delivery against Postfix's smtp-sink, which refuses, defers, says 421 and hangs up at any command. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MessageBody } from '../../src/queue/index.ts';
import { freePort, untilListening } from '../support/ports.ts';
import { type Bench, benchOf, nextHop } from './support.ts';

async function withSink(
  flags: readonly string[],
  run: (bench: Bench, port: number) => Promise<void>,
  settings: NonNullable<Parameters<typeof benchOf>[0]>['settings'] = {},
): Promise<void> {
  const port = await freePort();
  const asRoot = process.getuid?.() === 0 ? ['-u', 'root'] : [];
  const sink: ChildProcess = spawn('/usr/sbin/smtp-sink', [...asRoot, ...flags, `127.0.0.1:${port}`, '256'], {
    stdio: 'ignore',
  });
  const bench = benchOf({ settings });
  try {
    await untilListening(port);
    bench.routes.set('a.test', { kind: 'next-hop', nextHop: nextHop('a.test', port) });
    await run(bench, port);
  } finally {
    await bench.delivery.stop(100);
    sink.kill('SIGKILL');
  }
}

const CASES: readonly (readonly [readonly string[], string])[] = [
  [['-f', 'connect'], 'greeting rejected 500'],
  [['-r', 'connect'], 'greeting rejected 450'],
  [['-q', 'connect'], 'greeting connection-lost'],
  [['-Q', 'connect'], 'greeting rejected 421'],
  [['-q', 'ehlo'], 'ehlo connection-lost'],
  [['-Q', 'ehlo'], 'ehlo rejected 421'],
  [['-r', 'ehlo'], 'ehlo rejected 450'],
  [['-f', 'ehlo,helo'], 'ehlo rejected 500'],
  [['-f', 'mail'], 'mail rejected 500'],
  [['-r', 'mail'], 'mail rejected 450'],
  [['-q', 'mail'], 'mail connection-lost'],
  [['-Q', 'mail'], 'mail rejected 421'],
  [['-f', 'rcpt'], 'rcpt rejected 500'],
  [['-r', 'rcpt'], 'rcpt rejected 450'],
  [['-q', 'rcpt'], 'rcpt connection-lost'],
  [['-Q', 'rcpt'], 'rcpt rejected 421'],
  [['-f', 'data'], 'data rejected 500'],
  [['-r', 'data'], 'data rejected 450'],
  [['-q', 'data'], 'data connection-lost'],
  [['-Q', 'data'], 'data rejected 421'],
  [['-f', '.'], 'end-of-data rejected 500'],
  [['-r', '.'], 'end-of-data rejected 450'],
  [['-q', '.'], 'end-of-data connection-lost'],
  [['-Q', '.'], 'end-of-data rejected 421'],
];
for (const [flags, words] of CASES) {
  test(`smtp-sink ${flags.join(' ')}: ${words}`, { timeout: 30_000 }, async () => {
    await withSink(
      flags,
      async ({ queue, delivery, settled }) => {
        const ids = [queue.add(['x@a.test'])[0]!, queue.add(['y@a.test', 'z@a.test'])[0]!];
        delivery.start();
        await settled();
        for (const id of ids) {
          const own = queue.words(id);
          assert.equal(own, `${words} at mx.a.test`);
        }
      },
      { backOffFirstMs: 1, backOffMaxMs: 1, firstSessions: 2 },
    );
  });
}

test('smtp-sink -f ehlo: HELO will do', async () => {
  await withSink(['-f', 'ehlo'], async ({ queue, delivery, settled }) => {
    const [id] = queue.add(['x@a.test']);
    delivery.start();
    await settled();
    assert.equal(queue.words(id!), 'accepted by mx.a.test');
  });
});

test('smtp-sink -A: a refusal in the middle of a large body ends it', { timeout: 30_000 }, async () => {
  const piece = Buffer.alloc(65_536, `${'x'.repeat(62)}\r\n`);
  const body: MessageBody = {
    bytes: 200 * piece.length,
    small: undefined,
    async *chunks() {
      for (let n = 0; n < 200; n += 1) yield piece;
    },
    header: async () => piece,
  };
  await withSink(['-A', '1'], async ({ queue, delivery, settled }) => {
    const [id] = queue.add(['x@a.test'], { body });
    delivery.start();
    await settled();
    assert.match(queue.words(id!), /^data (rejected 550|connection-lost) at mx\.a\.test$/);
  });
});

test('2,000 messages reach smtp-sink whole, each once, in few connections', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-sink-'));
  try {
    await withSink(['-d', join(folder, 'm.')], async ({ queue, delivery, settled }) => {
      for (let n = 0; n < 2000; n += 1) {
        queue.add([`x${n}@a.test`], { body: `Subject: ${n}\r\n\r\n.${n}\r\n${'line\r\n'.repeat(n % 50)}` });
      }
      delivery.start();
      await settled();
    });
    const subjects = new Set<string>();
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), 'latin1');
      const [, number, dotted, rest] = /^Subject: (\d+)\r?\n\r?\n(\S+)\r?\n([\s\S]*)$/m.exec(text)!;
      assert.equal(dotted, `.${number}`);
      assert.equal(rest!.match(/^line\r?$/gm)?.length ?? 0, Number(number) % 50);
      subjects.add(number!);
    }
    assert.equal(subjects.size, 2000);
    assert.equal(readdirSync(folder).length, 2000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
