/**
 * Relaying from end to end, side by side with Postfix: smtp-source → relay → smtp-sink, 5 kB messages.
 * `node bench/relay.ts [MESSAGES [SESSIONS]]`; 1, 20 and 100 sessions unless one number is given, with a session per message
 * and with kept sessions.
 * Both are warm before the first round: a relay runs for months, its first ten seconds are not what is asked about. Rounds alternate
 * between the two, so that a noisy machine disturbs both alike; medians and ratios count.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { startPostfixRelay } from '../test/support/postfix.ts';
import { RelayProcess } from '../test/support/relay-process.ts';
import { cpuMicroseconds, FlushCounter, residentBytes } from './support/processes.ts';
import { figure, heading, median, percentile } from './support/report.ts';
import { SmtpSink } from './support/smtp-sink.ts';

const MESSAGES = Number(process.argv[2] ?? 4000);
const SESSIONS = process.argv[3] === undefined ? [1, 20, 100] : [Number(process.argv[3])];
const BYTES = 5120;
const ROUNDS = 5;
/** So many messages later the engine has compiled what it will compile. */
const WARM_UP = 20_000;

type Peer = { readonly name: string; readonly port: number; readonly pid: number };
type Measured = { readonly perSecond: number; readonly cpuPerMessage: number };

const sink = await SmtpSink.start();
const relay = await RelayProcess.start([
  '--quiet',
  '--listen',
  '127.0.0.1:0',
  '--smart-host',
  `[127.0.0.1]:${sink.port}`,
]);
const postfix = await startPostfixRelay(sink.port);
const ours: Peer = { name: 'Mailroot', port: relay.smtpPort, pid: relay.pid };
const theirs: Peer = { name: 'Postfix', port: postfix.port, pid: postfix.pid };
try {
  await measure(ours, 20, false, WARM_UP);
  await measure(theirs, 20, false, MESSAGES / 4);
  for (const isKept of [false, true]) {
    for (const sessions of SESSIONS) await compare(sessions, isKept);
  }
  heading('Flushes: fsync, fdatasync and writes through, per accepted message, 20 sessions');
  for (const isKept of [false, true]) await flushes(ours, isKept);
  heading('Time from the end of the data to the 250, 20 kept sessions');
  await replyTimes(ours);
  await replyTimes(theirs);
  heading('Memory');
  await idleSessions();
} finally {
  postfix.stop();
  await relay.dispose();
  sink.stop();
}

async function compare(sessions: number, isKept: boolean): Promise<void> {
  heading(`${sessions} sessions, ${isKept ? 'kept for many messages' : 'a session for each message'}`);
  const results = new Map<Peer, Measured[]>([
    [ours, []],
    [theirs, []],
  ]);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [peer, measured] of results) {
      // Postfix gets fewer messages so that a run stays short; both are measured per message.
      measured.push(
        await measure(peer, sessions, isKept, peer === ours ? MESSAGES : Math.ceil(MESSAGES / 4)),
      );
    }
  }
  const rates = [...results].map(([peer, measured]) => {
    const rate = median(measured.map(({ perSecond }) => perSecond));
    figure(`${peer.name}: rate`, rate, 'messages/s');
    figure(`${peer.name}: CPU`, median(measured.map(({ cpuPerMessage }) => cpuPerMessage)), 'µs/message');
    return rate;
  });
  figure('ratio of the rates', rates[0]! / rates[1]!, 'times Postfix');
}

async function measure(peer: Peer, sessions: number, isKept: boolean, messages: number): Promise<Measured> {
  const base = sink.messages;
  const cpu = cpuMicroseconds(peer.pid);
  const from = performance.now();
  await source(peer.port, sessions, isKept, messages);
  await sink.reached(base + messages);
  const seconds = (performance.now() - from) / 1000;
  return { perSecond: messages / seconds, cpuPerMessage: (cpuMicroseconds(peer.pid) - cpu) / messages };
}

async function source(port: number, sessions: number, isKept: boolean, messages: number): Promise<void> {
  const child = spawn(
    '/usr/sbin/smtp-source',
    [
      ...(isKept ? ['-d'] : []),
      '-s',
      String(sessions),
      '-m',
      String(messages),
      '-l',
      String(BYTES),
      '-f',
      'a@example.com',
      '-t',
      'b@example.net',
      `127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`);
}

async function flushes(peer: Peer, isKept: boolean): Promise<void> {
  const counter = await FlushCounter.attach(peer.pid);
  const count = Math.min(MESSAGES, 2000);
  const base = sink.messages;
  await source(peer.port, 20, isKept, count);
  await sink.reached(base + count);
  figure(
    `${peer.name}: ${isKept ? 'kept sessions' : 'a session for each message'}`,
    (await counter.detach()) / count,
    'per message',
  );
}

/** Twenty clients of our own, each sending one message after the other and timing the last reply. */
async function replyTimes(peer: Peer): Promise<void> {
  const times: number[] = [];
  const body = `Subject: x\r\n\r\n${'x'.repeat(62).concat('\r\n').repeat(80)}.\r\n`;
  const client = async (): Promise<void> => {
    const socket = connect(peer.port, '127.0.0.1');
    const lines = (async function* () {
      let rest = '';
      for await (const chunk of socket) {
        const parts = (rest + (chunk as Buffer).toString('latin1')).split('\r\n');
        rest = parts.pop()!;
        for (const line of parts) if (line[3] !== '-') yield line;
      }
    })();
    const say = async (text: string): Promise<void> => {
      socket.write(text);
      await lines.next();
    };
    await lines.next();
    await say('EHLO bench.test\r\n');
    for (let count = 0; count < 50; count += 1) {
      await say('MAIL FROM:<a@example.com>\r\n');
      await say('RCPT TO:<b@example.net>\r\n');
      await say('DATA\r\n');
      const from = performance.now();
      await say(body);
      times.push(performance.now() - from);
    }
    await say('QUIT\r\n');
    socket.destroy();
  };
  const base = sink.messages;
  await Promise.all(Array.from({ length: 20 }, client));
  await sink.reached(base + 1000);
  figure(`${peer.name}: median`, median(times), 'ms');
  figure(`${peer.name}: 99th percentile`, percentile(times, 0.99), 'ms');
}

async function idleSessions(): Promise<void> {
  const fresh = await RelayProcess.start([
    '--quiet',
    '--listen',
    '127.0.0.1:0',
    '--smart-host',
    `[127.0.0.1]:${sink.port}`,
  ]);
  figure('resident after start', residentBytes(fresh.pid).now / 2 ** 20, 'MiB');
  const sockets = Array.from({ length: 1000 }, () => connect(fresh.smtpPort, '127.0.0.1'));
  await Promise.all(
    sockets.map(async (socket) => {
      await once(socket, 'data');
      socket.write('EHLO idle.test\r\n');
      await once(socket, 'data');
    }),
  );
  figure('resident with 1,000 idle sessions', residentBytes(fresh.pid).now / 2 ** 20, 'MiB');
  for (const socket of sockets) socket.destroy();

  const count = 200;
  const piece = Buffer.from('x'.repeat(62).concat('\r\n').repeat(1024));
  const pieces = Math.floor((25 * 2 ** 20 - 65_536) / piece.length);
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentBytes(fresh.pid).now);
  }, 50);
  await Promise.all(Array.from({ length: count }, () => sendLarge(fresh.smtpPort, piece, pieces)));
  clearInterval(watch);
  figure(`resident at most while ${count} sessions send 25 MB each at once`, peak / 2 ** 20, 'MiB');
  await fresh.dispose();
}

async function sendLarge(port: number, piece: Buffer, pieces: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const answer = async (): Promise<void> => {
    await once(socket, 'data');
  };
  await answer();
  for (const command of ['EHLO bench.test', 'MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.net>', 'DATA']) {
    socket.write(`${command}\r\n`);
    await answer();
  }
  for (let count = 0; count < pieces; count += 1) {
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  socket.write('.\r\n');
  await answer();
  socket.destroy();
}
