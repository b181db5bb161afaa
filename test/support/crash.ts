/**
 * Kills the relay again and again while mail comes in, and counts what became of it.
 * Owns: the producers, the killing, the book-keeping.  Leaves: how often (tests: a few times; scripts/crash.ts: a hundred).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RelayProcess } from './relay-process.ts';
import { SinkServer, type SunkMessage } from './sink-server.ts';

export type CrashReport = {
  readonly kills: number;
  /** Messages that the relay had promised to keep: files placed, or 250s received. */
  readonly promised: number;
  /** Promised messages that never reached the next hop. */
  readonly lost: readonly number[];
  /** Messages that reached the next hop more than once. */
  readonly duplicates: number;
  /** Duplicates that cannot be explained by a kill between the next hop's reply and the commit: always a defect. */
  readonly unexplained: readonly number[];
  /** Names in Badmail at the end. */
  readonly badmail: readonly string[];
};

export type CrashOptions = {
  readonly kills: number;
  readonly seed: number;
  /** Longest time a process lives, counted from its start or from its banner. Default 600. */
  readonly longestLifeMs?: number;
};

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

/** Fifty files a second are renamed into Pickup while the relay dies and starts. */
export async function crashPickup(options: CrashOptions): Promise<CrashReport> {
  return crash(options, ['--listen', '127.0.0.1:0'], (run) => {
    const outside = join(run.mailroot, 'outside');
    mkdirSync(outside);
    const timer = setInterval(() => {
      const number = run.promise();
      const temporary = join(outside, String(number));
      writeFileSync(temporary, message(number));
      renameSync(temporary, join(run.mailroot, 'Pickup', `${number}.eml`));
    }, 20);
    return async () => clearInterval(timer);
  });
}

/** Five clients send by SMTP, one message after the other, and note every 250; they come back after each kill. */
export async function crashSmtp(options: CrashOptions, port: number): Promise<CrashReport> {
  return crash(options, ['--listen', `127.0.0.1:${port}`], (run) => {
    let isOver = false;
    const clients = Array.from({ length: 5 }, async () => {
      while (!isOver) await smtpClient(port, run, () => isOver);
    });
    return async () => {
      isOver = true;
      await Promise.all(clients);
    };
  });
}

type Run = {
  readonly mailroot: string;
  /** A new number for a message. */
  number(): number;
  /** Notes that the relay has promised to keep this message. */
  keep(number: number): void;
  /** Both at once. */
  promise(): number;
};

async function crash(
  options: CrashOptions,
  flags: readonly string[],
  produce: (run: Run) => () => Promise<void>,
): Promise<CrashReport> {
  const sink = await SinkServer.start();
  const mailroot = mkdtempSync(join(tmpdir(), 'mailroot-crash-'));
  mkdirSync(join(mailroot, 'Pickup'));
  const random = seeded(options.seed);
  const promised = new Set<number>();
  let last = 0;
  const run: Run = {
    mailroot,
    number: () => (last += 1),
    keep: (number) => promised.add(number),
    promise() {
      const number = run.number();
      run.keep(number);
      return number;
    },
  };
  const allFlags = ['--quiet', '--smart-host', `[127.0.0.1]:${sink.port}`, ...flags];
  // The connection numbers seen by the sink before each kill tell which process delivered what.
  const lives: number[] = [];
  const finish = produce(run);
  for (let kill = 0; kill < options.kills; kill += 1) {
    const child = spawn(process.execPath, [MAIN, 'start', '--mailroot', mailroot, ...allFlags], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit');
    // One in four dies while it starts, the others at work.
    if (random() >= 0.25) await Promise.race([ended, once(child.stdout, 'data')]);
    const lifeMs = random() * (options.longestLifeMs ?? 600);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, lifeMs))]);
    if (child.exitCode !== null) {
      await finish();
      throw new Error(`the relay ended by itself with ${child.exitCode}`);
    }
    child.kill('SIGKILL');
    await ended;
    lives.push(sink.messages.length);
  }
  const relay = await RelayProcess.start(allFlags, mailroot);
  await finish();
  await sink.until((messages) => {
    const seen = new Set(messages.map(numberOf));
    return [...promised].every((number) => seen.has(number));
  });
  const badmail = readdirSync(join(mailroot, 'Badmail'));
  await relay.dispose();
  await sink.stop();
  rmSync(mailroot, { recursive: true, force: true });
  return { kills: options.kills, badmail, ...judge(sink.messages, promised, lives) };
}

/** A duplicate is explained when each copy came from another life of the relay, all but the last one killed. */
function judge(
  messages: readonly SunkMessage[],
  promised: ReadonlySet<number>,
  lives: readonly number[],
): Pick<CrashReport, 'promised' | 'lost' | 'duplicates' | 'unexplained'> {
  const copies = new Map<number, number[]>();
  messages.forEach((sunk, index) => {
    const number = numberOf(sunk);
    const life = lives.findIndex((count) => index < count);
    copies.set(number, [...(copies.get(number) ?? []), life === -1 ? lives.length : life]);
  });
  const duplicated = [...copies].filter(([, seen]) => seen.length > 1);
  return {
    promised: promised.size,
    lost: [...promised].filter((number) => !copies.has(number)),
    duplicates: duplicated.length,
    unexplained: duplicated.filter(([, seen]) => new Set(seen).size < seen.length).map(([number]) => number),
  };
}

function message(number: number): string {
  return `x-sender: app@example.com\nx-receiver: user@example.net\nFrom: app@example.com\nTo: user@example.net\nSubject: crash\nX-Number: ${number}\n\n${'text '.repeat(200)}\n`;
}

function numberOf(sunk: SunkMessage): number {
  return Number(/^X-Number: (\d+)/m.exec(sunk.content.toString('latin1'))?.[1]);
}

/** One connection that sends messages until it breaks or the run is over. */
async function smtpClient(port: number, run: Run, isOver: () => boolean): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const replies = replyReader(socket);
  try {
    await replies();
    socket.write('EHLO crash.test\r\n');
    await replies();
    while (!isOver()) {
      const number = run.number();
      for (const line of ['MAIL FROM:<app@example.com>', 'RCPT TO:<user@example.net>', 'DATA']) {
        socket.write(`${line}\r\n`);
        await replies();
      }
      socket.write(`From: app@example.com\r\nX-Number: ${number}\r\n\r\nbody\r\n.\r\n`);
      if ((await replies()).startsWith('250')) run.keep(number);
    }
  } catch {
    // Killed under our hands: the message on its way was not promised.
    await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    socket.destroy();
  }
}

/** Reads one reply at a time; rejects when the connection ends. */
function replyReader(socket: Socket): () => Promise<string> {
  let text = '';
  let waiting: { resolve: (reply: string) => void; reject: (error: Error) => void } | undefined;
  let isClosed = false;
  const serve = (): void => {
    const match = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(text);
    if (waiting === undefined) return;
    if (match !== null) {
      text = text.slice(match[0].length);
      waiting.resolve(match[0]);
    } else if (isClosed) waiting.reject(new Error('closed'));
    else return;
    waiting = undefined;
  };
  socket.setEncoding('latin1').on('data', (piece: string) => {
    text += piece;
    serve();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    isClosed = true;
    serve();
  });
  return () =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      serve();
    });
}

/** A small generator whose runs can be repeated (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
