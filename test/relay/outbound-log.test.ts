/** Mail that goes out, in the protocol log and in the live trace. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TraceLine } from '../../src/control/index.ts';
import { W3C_FIELDS } from '../../src/smtp/index.ts';
import { RelayHere } from '../support/in-process.ts';
import { keeper, shopMessage } from '../support/kept.ts';
import { SinkServer } from '../support/sink-server.ts';

const keep = keeper();

describe('the outgoing dialogue', () => {
  it('stands in the protocol log as the old service wrote it, one line for each command and each reply', async () => {
    const sink = keep(await SinkServer.start({ extensions: [] }));
    const folder = mkdtempSync(join(tmpdir(), 'mailroot-w3c-'));
    const relay = await RelayHere.start({
      listen: [],
      protocolLog: { enabled: true, folder },
      delivery: { smartHost: `[127.0.0.1]:${sink.port}`, tls: 'none' },
    });
    writeFileSync(join(relay.pickup, 'a.eml'), shopMessage('ann@far.test'));
    await sink.reached(1);
    await relay.stop();
    const [file] = readdirSync(folder);
    assert.match(file!, /^ex\d{6}\.log$/);
    const lines = readFileSync(join(folder, file!), 'utf8').trimEnd().split('\r\n');
    rmSync(folder, { recursive: true });
    assert.equal(lines[3], `#Fields: ${W3C_FIELDS}`);
    const rows = lines.slice(4).map((line) => line.split(' '));
    const names = W3C_FIELDS.split(' ');
    assert.ok(rows.every((row) => row.length === names.length));
    const column = (row: readonly string[], name: string): string => row[names.indexOf(name)]!;
    assert.deepEqual(
      rows.map((row) =>
        ['cs-username', 'cs-method', 'cs-uri-query', 'sc-status', 'sc-bytes']
          .map((name) => column(row, name))
          .join(' '),
      ),
      [
        'OutboundConnectionResponse - 220+sink.test+ESMTP 0 19',
        'OutboundConnectionCommand EHLO relay.example.test 0 4',
        'OutboundConnectionResponse - 250+sink.test 0 13',
        'OutboundConnectionCommand MAIL FROM:<shop@local.test> 0 4',
        'OutboundConnectionResponse - 250+2.1.0+ok 0 12',
        'OutboundConnectionCommand RCPT TO:<ann@far.test> 0 4',
        'OutboundConnectionResponse - 250+2.1.5+ok 0 12',
        'OutboundConnectionCommand DATA - 0 4',
        'OutboundConnectionResponse - 354+go+on 0 9',
        'OutboundConnectionResponse - 250+2.6.0+kept 0 14',
        'OutboundConnectionCommand QUIT - 0 4',
        'OutboundConnectionResponse - 221+2.0.0+bye 0 13',
      ].slice(0, rows.length),
    );
    assert.ok(rows.length >= 10, 'up to the reply that took the message; QUIT may come after the stop');
    for (const row of rows) {
      assert.deepEqual(
        ['c-ip', 's-sitename', 's-ip', 's-port', 'cs-version', 'x-session-id'].map((name) =>
          column(row, name),
        ),
        ['127.0.0.1', 'default', '-', String(sink.port), 'SMTP', 'out1'],
      );
    }
  });

  it('is seen by mailroot trace, found by its recipient, and told apart from mail that comes in', async () => {
    const sink = keep(await SinkServer.start());
    const relay = keep(
      await RelayHere.start({ delivery: { smartHost: `[127.0.0.1]:${sink.port}`, tls: 'none' } }),
    );
    const control = await relay.control();
    const all: TraceLine[] = [];
    const some: TraceLine[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const watcher = await relay.control();
    const ends = [
      control.ask('trace', { recipient: 'ann@' }, (line) => void some.push(line)),
      watcher.ask('trace', {}, (line) => {
        all.push(line);
        if (all.some(({ text }) => text.includes('kept')) && some.some(({ text }) => text.includes('kept')))
          resolve();
      }),
    ];
    for (const end of ends) end.catch(() => {});
    // Both watchers are in place when a later request of theirs was answered.
    const third = await relay.control();
    await third.ask('status', {});
    third.close();
    writeFileSync(join(relay.pickup, 'a.eml'), shopMessage('bob@far.test'));
    await sink.reached(1);
    writeFileSync(join(relay.pickup, 'b.eml'), shopMessage('ann@far.test'));
    await sink.reached(2);
    const more = setInterval(() => {
      if (some.some(({ text }) => text.includes('kept'))) resolve();
    }, 20);
    await promise;
    clearInterval(more);
    control.close();
    watcher.close();
    assert.ok(all.every(({ isOutbound, client }) => isOutbound && client === '127.0.0.1'));
    assert.deepEqual(
      all.filter(({ text }) => text.startsWith('RCPT')).map(({ direction, text }) => `${direction} ${text}`),
      ['out RCPT TO:<bob@far.test>', 'out RCPT TO:<ann@far.test>'],
    );
    assert.ok(some.some(({ direction, text }) => direction === 'out' && text === 'RCPT TO:<ann@far.test>'));
    assert.ok(some.some(({ direction, text }) => direction === 'in' && text.startsWith('250')));
  });
});
