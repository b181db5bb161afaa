/**
 * Receiving alone: Postfix's smtp-source → our server, policy and sink → a queue in memory; 5 kB messages.
 * `node bench/serve.ts [MESSAGES]`; sessions 1, 20 and 100, a session per message and kept sessions; then idle sessions.
 * What the disk and the delivery cost is measured by bench/relay.ts; here is the price of the protocol.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { cpuMicroseconds, residentBytes } from './support/processes.ts';
import { figure, heading, median } from './support/report.ts';

const MESSAGES = Number(process.argv[2] ?? 10_000);
const BYTES = 5120;
const ROUNDS = 3;

const service = fork(join(import.meta.dirname, 'support/smtp-intake-process.ts'));
const [{ port }] = (await once(service, 'message')) as [{ port: number }];
try {
  for (const isKept of [false, true]) {
    for (const sessions of [1, 20, 100]) {
      heading(`${sessions} sessions, ${isKept ? 'kept for many messages' : 'a session for each message'}`);
      const rounds: { rate: number; cpu: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure(service, sessions, isKept));
      figure('rate', median(rounds.map(({ rate }) => rate)), 'messages/s');
      figure('CPU', median(rounds.map(({ cpu }) => cpu)), 'µs/message');
    }
  }
  heading('Memory');
  await idleSessions(1000);
} finally {
  service.kill();
}

async function measure(
  process: ChildProcess,
  sessions: number,
  isKept: boolean,
): Promise<{ rate: number; cpu: number }> {
  const before = await accepted(process);
  const cpu = cpuMicroseconds(process.pid!);
  const from = performance.now();
  const child = spawn(
    'smtp-source',
    [...(isKept ? ['-d'] : []), '-s', String(sessions), '-m', String(MESSAGES), '-l', String(BYTES)].concat([
      '-f',
      'a@example.com',
      '-t',
      'b@local.test',
      `127.0.0.1:${port}`,
    ]),
    { stdio: ['ignore', 'ignore', 'inherit'], env: { PATH: '/usr/sbin:/usr/bin:/bin' } },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  const seconds = (performance.now() - from) / 1000;
  const count = (await accepted(process)) - before;
  if (code !== 0 || count !== MESSAGES)
    throw new Error(`smtp-source ended with ${code}, ${count} messages arrived`);
  return { rate: count / seconds, cpu: (cpuMicroseconds(process.pid!) - cpu) / count };
}

async function accepted(process: ChildProcess): Promise<number> {
  process.send('count');
  const [answer] = (await once(process, 'message')) as [{ accepted: number }];
  return answer.accepted;
}

async function idleSessions(count: number): Promise<void> {
  const sockets: Socket[] = [];
  for (let index = 0; index < count; index += 1) {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'data');
    socket.write('EHLO idle.test\r\n');
    await once(socket, 'data');
  }
  figure(`resident with ${count} idle sessions`, residentBytes(service.pid!).now / 2 ** 20, 'MiB');
  for (const socket of sockets) socket.destroy();
}
