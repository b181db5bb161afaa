/** Events told to syslog, to the journal and to the Windows event log, each without the real thing. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { eventText, prefixedLine, syslogLine, windowsLine } from '../../src/events/forward/formats.ts';
import {
  type Destination,
  type ForwardMachine,
  openDestinations,
  thisForwardMachine,
} from '../../src/events/index.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';
import { RelayProcess } from '../support/relay-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroot-forward-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let counter = 0;
const path = (name: string): string => join(folder, `${counter++}-${name}`);

const machine: ForwardMachine = {
  ...thisForwardMachine,
  platform: 'linux',
  environment: {},
  journalSocket: join(folder, 'no-journal'),
  syslogSocket: join(folder, 'no-syslog'),
  errorOutput: () => '1:2',
  writeError: () => {},
};

const opened: Destination[] = [];
afterEach(async () => {
  for (const destination of opened.splice(0)) await destination.close();
});

type Opened = { tell: Destination['take']; clock: ManualClock; troubles: string[]; destination: Destination };

function openOne(word: string, changes: Partial<ForwardMachine> = {}): Opened {
  const clock = manualClock();
  const troubles: string[] = [];
  const [destination] = openDestinations(
    { to: [word], level: 'warn', isWatched: false },
    {
      clock,
      trouble: (name, reason) => troubles.push(`${name}: ${reason}`),
      machine: { ...machine, ...changes },
    },
  );
  opened.push(destination!);
  return { tell: (...event) => destination!.take(...event), clock, troubles, destination: destination! };
}

/** A server of streams that gathers what it hears, and a promise for a text in it. */
async function hearing(where: { path: string } | { port: number; host: string }): Promise<{
  server: Server;
  sockets: Socket[];
  heard: (pattern: RegExp) => Promise<string>;
}> {
  let text = '';
  let wake = (): void => {};
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      text += String(bytes);
      wake();
    });
  });
  server.unref();
  server.listen(where);
  await once(server, 'listening');
  return {
    server,
    sockets,
    heard: async (pattern) => {
      while (!pattern.test(text)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return text;
    },
  };
}

const at = Date.UTC(2026, 10, 22, 1, 2, 3, 4);

describe('an event as text', () => {
  it('has priority, time, names, and the number of the old product', () => {
    const event = {
      at,
      level: 'warn',
      name: 'outcome.deferred',
      fields: { domain: 'x.example', reason: 'say "no"', absent: undefined },
      windows: { source: 'smtpsvc', id: 4000, severity: 'warning', meaning: 'Delivery failed for now.' },
    } as const;
    const text = 'outcome.deferred source=smtpsvc id=4000 domain=x.example reason="say \\"no\\""';
    assert.equal(eventText(event), text);
    assert.equal(
      syslogLine(event, { host: 'mail01', pid: 812 }),
      `<20>1 2026-11-22T01:02:03.004Z mail01 mailroot 812 outcome.deferred - ${text}`,
    );
    assert.equal(prefixedLine(event, 'none'), `<4>${text}\n`);
    assert.equal(prefixedLine({ ...event, level: 'error' }, 'mail'), `<19>${text}\n`);
    assert.deepEqual(JSON.parse(windowsLine(event)), {
      type: 'Warning',
      id: 4000,
      text: `Delivery failed for now. ${text}`,
    });
    assert.deepEqual(JSON.parse(windowsLine({ at, level: 'error', name: 'a.b', fields: {} })), {
      type: 'Error',
      id: 1,
      text: 'a.b',
    });
  });

  it('is one line, not too long, and forges nothing, whatever a foreign message put into its fields', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 1200 }), fc.string({ maxLength: 20 }));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), anything), anything, (fields, host) => {
        const event = { at, level: 'warn', name: 'x.y', fields } as const;
        const line = syslogLine(event, { host, pid: 1 });
        assert.match(
          line,
          /^<20>1 2026-11-22T01:02:03\.004Z [\x21-\x7e]+ mailroot 1 x\.y - \ufeff?x\.y[^\x00-\x1f\x7f]*$/,
        );
        assert.ok(Buffer.byteLength(line) <= 2048);
        assert.ok(Buffer.from(line).toString() === line, 'whole characters');
        assert.match(prefixedLine(event, 'mail'), /^<20>x\.y[^\x00-\x1f\x7f]*\n$/);
        assert.match(windowsLine(event), /^\{[\x20-\x7e]*\}\n$/);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a syslog server', () => {
  it('gets one event in a datagram: warnings, start and stop, and what has a number', async () => {
    const server = createSocket('udp4');
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const heard: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    server.on('message', (bytes) => {
      heard.push(String(bytes).replace(/^.*? - (?=\S)/, ''));
      if (heard.length === 3) resolve();
    });
    const { tell, troubles } = openOne(`udp:127.0.0.1:${server.address().port}`);
    tell('info', 'pickup.accepted', { file: 'a' });
    tell('info', 'relay.started', { version: '1' });
    tell('info', 'outcome.deferred', { domain: 'x.example' });
    tell('warn', 'queue.slow', {});
    await promise;
    assert.deepEqual(heard.sort(), [
      'outcome.deferred source=smtpsvc id=4000 domain=x.example',
      'queue.slow',
      'relay.started version=1',
    ]);
    assert.deepEqual(troubles, []);
    server.close();
  });

  it('gets events over TCP framed by their length; when it goes away that is told once, and it is tried again later', async () => {
    const first = await hearing({ port: 0, host: '127.0.0.1' });
    const { port } = first.server.address() as { port: number };
    const { tell, clock, troubles, destination } = openOne(`tcp:127.0.0.1:${port}`);
    tell('warn', 'one.event', { text: 'é' });
    const frame = await first.heard(/one\.event text=é$/);
    const length = Number(/^\d+/.exec(frame)![0]);
    assert.equal(Buffer.byteLength(frame.slice(String(length).length + 1)), length);
    const gone = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (troubles.length === 0) return;
        clearInterval(look);
        resolve();
      }, 5);
    });
    for (const socket of first.sockets) socket.destroy();
    await new Promise((closed) => first.server.close(closed));
    await gone;
    assert.deepEqual(troubles, [`syslog at tcp:127.0.0.1:${port}: the connection was closed`]);
    tell('warn', 'two.event', {});
    const second = await hearing({ port, host: '127.0.0.1' });
    tell('warn', 'three.event', {});
    clock.advance(31_000);
    tell('warn', 'four.event', {});
    const after = await second.heard(/four\.event/);
    assert.match(after, /log\.left-out events=2/, 'what was not told is counted');
    assert.equal(troubles.length, 1);
    await destination.close();
    second.server.close();
  });

  it('is not flooded: more than 50 events in a second are counted', async () => {
    const server = await hearing({ port: 0, host: '127.0.0.1' });
    const { port } = server.server.address() as { port: number };
    const { tell, clock } = openOne(`tcp:127.0.0.1:${port}`);
    for (let count = 0; count < 1000; count += 1) tell('warn', 'many.events', { count });
    clock.advance(1000);
    tell('warn', 'last.event', {});
    const text = await server.heard(/last\.event/);
    assert.equal(text.split('many.events count').length - 1, 50);
    assert.match(text, /log\.left-out events=950/);
    server.server.close();
  });
});

describe('the journal', () => {
  it('gets lines with a priority on our standard error when systemd reads that', () => {
    let written = '';
    const changes = {
      environment: { JOURNAL_STREAM: '1:2' },
      writeError: (text: string) => {
        written += text;
      },
    };
    const { tell, destination } = openOne('auto', changes);
    assert.equal(destination.name, 'the journal');
    tell('error', 'relay.port-taken', { reason: 'taken' });
    assert.equal(written, '<3>relay.port-taken source=SMTPSVC id=115 reason=taken\n');
  });

  it('gets them over its stream socket when standard error goes elsewhere', async () => {
    const journalSocket = path('journal');
    const server = await hearing({ path: journalSocket });
    const { tell } = openOne('auto', { journalSocket, environment: { JOURNAL_STREAM: '9:9' } });
    tell('warn', 'drop.quota-full', { folder: '/x y' });
    assert.equal(
      await server.heard(/quota-full.*\n/),
      'mailroot\n\n6\n1\n0\n0\n0\n<20>drop.quota-full folder="/x y"\n',
    );
    server.server.close();
  });
});

describe('the syslog of this machine', () => {
  it('gets events by the program logger, on a local datagram socket', async () => {
    const syslogSocket = path('log');
    const listener = spawn(
      'python3',
      [
        '-u',
        '-c',
        'import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\ns.bind(sys.argv[1])\nprint("ready")\nwhile True: print(s.recv(4096).decode())',
        syslogSocket,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let text = '';
    const until = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(text)) text += String((await once(listener.stdout, 'data'))[0]);
    };
    await until(/ready/);
    const { tell, destination, troubles } = openOne('auto', { syslogSocket });
    assert.equal(destination.name, `syslog at ${syslogSocket}`);
    tell('error', 'queue.write-failed', { reason: 'the disk is full' });
    tell('warn', 'next.event', {});
    await until(/next\.event/);
    assert.match(
      text,
      new RegExp(`<19>.* mailroot\\[${process.pid}\\]: queue\\.write-failed reason="the disk is full"`),
    );
    assert.match(text, /<20>.*: next\.event/);
    await destination.close();
    assert.deepEqual(troubles, []);
    listener.kill();
  });

  it('is reported once when the program is not there, and nothing waits for it', async () => {
    const { tell, troubles } = openOne('syslog', { loggerProgram: [join(folder, 'no-such-program')] });
    tell('warn', 'one.event', {});
    while (troubles.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let count = 0; count < 100; count += 1) tell('warn', 'more.events', {});
    assert.equal(troubles.length, 1);
    assert.match(troubles[0]!, /no-such-program.*ENOENT/);
  });
});

describe('the Windows event log', () => {
  it('gets entries from one fixed program, to which events are only data', async () => {
    const program = path('powershell.mjs');
    const kept = path('kept');
    writeFileSync(
      program,
      `import { writeFileSync } from 'node:fs';
       let text = '';
       process.stdin.on('data', (bytes) => { text += bytes; });
       process.stdin.on('end', () => writeFileSync(process.argv[2], JSON.stringify({ args: process.argv.slice(3), text })));`,
    );
    const { tell, destination } = openOne('auto', {
      platform: 'win32',
      powershell: [process.execPath, program, kept, '-EncodedCommand'],
    });
    assert.equal(destination.name, 'the Windows event log');
    const evil = '"; Remove-Item C:\\ -Recurse #\r\n$(calc)';
    tell('error', 'logon.message-set-aside', { files: [evil] });
    tell('error', 'logon.refused', { cause: evil });
    await destination.close();
    while (!existsSync(kept)) await new Promise((resolve) => setTimeout(resolve, 10));
    let raw = '';
    while (raw === '') raw = readFileSync(kept, 'utf8');
    const { args, text } = JSON.parse(raw) as { args: string[]; text: string };
    assert.equal(args.length, 2);
    const script = Buffer.from(args[1]!, 'base64').toString('utf16le');
    assert.match(script, /CreateEventSource.*ReadLine.*ConvertFrom-Json.*WriteEntry/s);
    assert.ok(!script.includes('calc'));
    const entries = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; id: number; text: string });
    assert.deepEqual(
      entries.map(({ type, id }) => `${type} ${id}`),
      ['Error 4116', 'FailureAudit 1023'],
    );
    assert.match(entries[1]!.text, /source="MSExchangeIS Private" id=1023 cause=/);
  });
});

describe('log.forward', () => {
  const names = (to: readonly string[], changes: Partial<ForwardMachine> = {}, isWatched = false): string[] =>
    openDestinations(
      { to, level: 'warn', isWatched },
      { clock: manualClock(), trouble: () => {}, machine: { ...machine, ...changes } },
    ).map(({ name }) => name);

  it('finds nothing by itself where there is nothing, or where people watch', () => {
    assert.deepEqual(names(['auto']), []);
    assert.deepEqual(names(['auto'], { environment: { JOURNAL_STREAM: '1:2' } }, true), []);
    assert.deepEqual(names(['none']), []);
    assert.deepEqual(names(['journal', 'udp:[::1]:514', 'journal']).length, 2);
  });

  it('refuses what it does not know', () => {
    for (const word of ['udp:mail.example.com:514', 'elsewhere', 'tcp:192.0.2.1'])
      assert.throws(() => names([word]), /log\.forward: '.*' is none of auto/);
  });

  it('tells a syslog server of the start and the stop of the real service', async () => {
    const server = createSocket('udp4');
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    let text = '';
    server.on('message', (bytes) => {
      text += `${String(bytes)}\n`;
    });
    const until = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(text)) await once(server, 'message');
    };
    const file = path('mailroot.yaml');
    writeFileSync(
      file,
      JSON.stringify({ listen: [], log: { forward: [`udp:127.0.0.1:${server.address().port}`] } }),
    );
    const relay = await RelayProcess.start(['--config', file, '--quiet']);
    try {
      await until(/<22>1 .* mailroot \d+ relay\.started - relay\.started version=/);
    } finally {
      await relay.dispose();
    }
    await until(/relay\.stopped/);
    server.close();
  });
});
