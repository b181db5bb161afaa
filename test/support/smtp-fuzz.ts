/**
 * A fuzzer over the server session: seeded streams of commands, content, smuggling sequences and noise, cut anywhere.
 * Owns: the generator, and a second, plain reading of what a stream means (`readPlainly`).
 * Checks for every stream: no defect of ours, no hang, replies well-formed, bounded output, and exactly the messages that
 * the plain reading finds: never one that was not sent, never one less.
 * The plain reading frames lines, content and chunks by itself; for addresses and parameters it asks our grammar, which
 * has tests of its own.
 */
import { EventEmitter } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { formatMailbox, formatPath } from '../../src/envelope/index.ts';
import {
  isParameterProblem,
  parseMailParameters,
  parseRcptParameters,
} from '../../src/smtp/protocol/parameters.ts';
import { parseForwardPath, parseReversePath } from '../../src/smtp/protocol/path.ts';
import { TlsContexts } from '../../src/smtp/server/certificates.ts';
import { ServerSession, type SessionHost } from '../../src/smtp/server/session.ts';
import { defaultServerSettings } from '../../src/smtp/server/settings.ts';
import { MemorySink, noAuthentication, openPolicy, unwatched } from '../../src/smtp/server/testing.ts';

/** Small, so that streams often meet it. */
const MAX_MESSAGE_BYTES = 600;
const MAX_RECIPIENTS = 3;

export type FuzzReport = {
  readonly streams: number;
  readonly bytes: number;
  readonly accepted: number;
  readonly replies: number;
};

/** Runs `count` streams from `seed`; throws with seed and stream of the first that goes wrong. */
export async function fuzzSmtp(seed: number, count: number): Promise<FuzzReport> {
  const random = seeded(seed);
  const report = { streams: 0, bytes: 0, accepted: 0, replies: 0 };
  for (let index = 0; index < count; index += 1) {
    const chunks = makeStream(random);
    try {
      const { accepted, replies } = await runStream(chunks);
      report.accepted += accepted;
      report.replies += replies;
    } catch (failure) {
      const shown = JSON.stringify(chunks.map((chunk) => chunk.toString('latin1'))).replace(
        /[\x7f-\xff]/g,
        (character) => `\\x${character.charCodeAt(0).toString(16)}`,
      );
      throw new Error(`seed ${seed}, stream ${index}: ${(failure as Error).message}\n${shown}`, {
        cause: failure,
      });
    }
    report.streams += 1;
    report.bytes += chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    // Sockets and timers of nobody: the loop must turn for the process to answer signals.
    if (index % 1000 === 0) await new Promise(setImmediate);
  }
  return report;
}

/** Holds one stream against a session and compares with the plain reading. */
export async function runStream(chunks: readonly Buffer[]): Promise<{ accepted: number; replies: number }> {
  const socket = new FakeSocket();
  const sink = new MemorySink();
  const defects: string[] = [];
  let isEnded = false;
  const host: SessionHost = {
    policy: openPolicy({ maxMessageBytes: MAX_MESSAGE_BYTES, maxRecipients: MAX_RECIPIENTS }),
    sink,
    authenticator: noAuthentication,
    tls: new TlsContexts(),
    protocolLog: undefined,
    trace: unwatched,
    counters: {
      messagesAccepted: 0,
      messagesRefused: 0,
      bytesReceived: 0,
      recipientsRefused: 0,
      authSucceeded: 0,
      authFailed: 0,
    },
    keywordCache: new WeakMap(),
    coarseNowMs: 0,
    exactNowMs: () => 0,
    bannerDate: () => 'now',
    log(level, event, fields) {
      if (level === 'error') defects.push(`${event} ${JSON.stringify(fields)}`);
    },
    ended() {
      isEnded = true;
    },
  };
  const session = new ServerSession(host, socket as unknown as Socket, {
    id: 'S',
    client: { address: '192.0.2.1', port: 1, localAddress: '192.0.2.9', localPort: 25 },
    settings: SETTINGS,
    binding: SETTINGS.bindings[0]!,
  });
  for (const chunk of chunks) {
    if (session.at === 'closed') break;
    // A chunk is lent: the session may change it, and the next read writes over it.
    const lent = Buffer.from(chunk);
    socket.emit('data', lent);
    lent.fill('\r\n.\r\n');
    // A commit is answered in a few turns of the microtask queue.
    for (let turn = 0; session.at === 'committing'; turn += 1) {
      if (turn > 100) throw new Error('the commit is never answered');
      await null;
    }
  }
  socket.emit('end');
  if (session.at !== 'closed')
    throw new Error(`the session hangs in ${session.at} after the client has left`);
  socket.destroy();
  if (!isEnded) throw new Error('the session does not end with its connection');
  if (defects.length > 0) throw new Error(defects.join('; '));
  if (sink.begun !== sink.messages.length + sink.aborted)
    throw new Error('a message was begun and neither kept nor aborted');
  const replies = checkReplies(socket.written);
  const found = sink.messages.map(({ reversePath, recipients, content }) => ({
    from: formatPath(reversePath),
    to: recipients.map(({ forwardPath }) => formatMailbox(forwardPath)),
    content: content.toString('latin1'),
  }));
  const expected = readPlainly(chunks);
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Error(`accepted ${JSON.stringify(found)}, the stream holds ${JSON.stringify(expected)}`);
  return { accepted: found.length, replies };
}

const DEFAULTS = defaultServerSettings({ name: 'fuzz', fqdn: 'relay.test' });
const SETTINGS = { ...DEFAULTS, limits: { ...DEFAULTS.limits, maxErrors: 0, maxIdleCommands: 0 } };

function checkReplies(written: string): number {
  if (written.length > 1_000_000) throw new Error(`${written.length} octets of replies`);
  const lines = written.split('\r\n');
  if (lines.pop() !== '') throw new Error('a reply without its line end');
  for (const line of lines) {
    if (!/^[2-5]\d\d[ -][^\r\n\0]*$/.test(line)) throw new Error(`reply ${JSON.stringify(line)}`);
    if (Buffer.byteLength(line) > 510) throw new Error('a reply longer than 512 octets');
  }
  return lines.length;
}

class FakeSocket extends EventEmitter {
  writableLength = 0;
  written = '';
  #isDestroyed = false;

  write(text: string): boolean {
    this.written += text;
    return true;
  }

  end(): void {}

  pause(): void {}

  resume(): void {}

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.emit('close');
  }
}

// ── what a stream means, read plainly ─────────────────────────────────────────────────────────────────────────────────

const KNOWN = new Set(
  'HELO EHLO STARTTLS RCPT DATA RSET MAIL QUIT HELP AUTH ETRN BDAT VRFY EXPN NOOP TURN ATRN'.split(' '),
);

type PlainMessage = { from: string; to: string[]; content: string };

/** Reads the stream as RFC 5321 and RFC 3030 frame it, one character at a time where it matters. */
export function readPlainly(chunks: readonly Buffer[]): PlainMessage[] {
  const text = Buffer.concat(chunks).toString('latin1');
  const chunkEnds = new Set<number>();
  let sum = 0;
  for (const chunk of chunks) chunkEnds.add((sum += chunk.length));
  const messages: PlainMessage[] = [];
  let greeting: 'none' | 'helo' | 'ehlo' = 'none';
  let tx:
    | { from: string; to: string[]; utf8: boolean; binary: boolean; bdat: string | undefined }
    | undefined;
  let at = 0;
  while (at < text.length) {
    const lineEnd = text.indexOf('\n', at);
    if (lineEnd < 0) break;
    const whole = text.slice(at, lineEnd + 1);
    at = lineEnd + 1;
    const isLast = chunkEnds.has(at);
    const most = /^a/i.test(whole) ? 16_384 : 2048;
    const fault = whole.search(/(?<!\r)\n|\r(?!\n)/);
    if (fault >= 0 && fault < most) break;
    if (whole.length > most) continue;
    const line = utf8(whole.slice(0, -2));
    const isBroken = line === undefined || /[\x00-\x1f\x7f]/.test(line);
    const verb = isBroken ? '' : (/^[A-Za-z]{4,8}(?= |$)/.exec(line)?.[0].toUpperCase() ?? '');
    if (line === undefined || isBroken || !KNOWN.has(verb)) {
      if (/ HTTP\/[0-9.]+\r\n$/.test(whole)) break;
      continue;
    }
    const argument = line.slice(verb.length + 1).replace(/ +$/, '');
    if (['DATA', 'AUTH', 'STARTTLS'].includes(verb) && !isLast) break;
    if (verb === 'QUIT' && argument === '') break;
    if (verb === 'BDAT') {
      const match = /^(\d{1,15})(?: +(last))?$/i.exec(argument);
      if (match === null) break;
      const octets = Number(match[1]);
      if (octets > MAX_MESSAGE_BYTES) break;
      const isRefused = greeting === 'none' || tx === undefined || tx.to.length === 0;
      if (at + octets > text.length) break;
      const content = text.slice(at, at + octets);
      at += octets;
      if (isRefused || tx === undefined) {
        if (greeting !== 'none') tx = undefined;
        continue;
      }
      tx.bdat = (tx.bdat ?? '') + content;
      let all: string = tx.bdat;
      const isFaulty = !tx.binary && /(?<!\r)\n|\r(?!\n|$)|\0/.test(all);
      const isOpenEnd = !tx.binary && match[2] !== undefined && all.endsWith('\r');
      const counted = tx.binary ? all : all.replace(/\r$/, '');
      if (match[2] !== undefined && !tx.binary && all !== '' && !all.endsWith('\n')) all += '\r\n';
      if (
        isFaulty ||
        isOpenEnd ||
        counted.length > MAX_MESSAGE_BYTES ||
        all.length > MAX_MESSAGE_BYTES + (match[2] ? 0 : 1)
      )
        tx = undefined;
      else if (match[2] !== undefined) {
        messages.push({ from: tx.from, to: tx.to, content: all });
        tx = undefined;
      }
      continue;
    }
    if (verb === 'RSET' && argument === '') {
      tx = undefined;
      continue;
    }
    if (verb === 'HELO' || verb === 'EHLO') {
      // The generator's names are valid or empty; mutation makes others, which our grammar judges like any domain.
      if (isGreeting(argument)) {
        greeting = verb === 'EHLO' ? 'ehlo' : 'helo';
        tx = undefined;
      }
      continue;
    }
    if (greeting === 'none' || tx?.bdat !== undefined) continue;
    if (verb === 'MAIL' && tx === undefined) tx = plainMail(argument, greeting === 'ehlo');
    else if (verb === 'RCPT' && tx !== undefined) {
      const to = plainRcpt(argument, greeting === 'ehlo', tx.utf8);
      if (to !== undefined && tx.to.length < MAX_RECIPIENTS) tx.to.push(to);
    } else if (verb === 'DATA' && argument === '' && tx !== undefined && tx.to.length > 0 && !tx.binary) {
      const data = plainData(text.slice(at));
      if (data === undefined) break;
      at += data.used;
      if (data.content !== undefined && data.content.length <= MAX_MESSAGE_BYTES)
        messages.push({ from: tx.from, to: tx.to, content: data.content });
      tx = undefined;
    }
  }
  return messages;
}

function isGreeting(argument: string): boolean {
  const name = argument.split(' ')[0]!;
  if (!/^[!-~]{1,255}$/.test(name)) return false;
  if (isIP(name) !== 0 && !name.includes('%')) return true;
  const read = parseForwardPath(`x@${name}`, 0);
  return read.ok && read.value.end === name.length + 2;
}

function plainMail(
  argument: string,
  isExtended: boolean,
): { from: string; to: string[]; utf8: boolean; binary: boolean; bdat: undefined } | undefined {
  if (!/^from:/i.test(argument)) return undefined;
  const path = parseReversePath(argument, 5);
  if (!path.ok) return undefined;
  const parameters = parseMailParameters(argument, path.value.end);
  if (isParameterProblem(parameters)) return undefined;
  if (argument.length > path.value.end && !isExtended) return undefined;
  if (path.value.isInternational && !parameters.smtpUtf8) return undefined;
  if ((parameters.declaredBytes ?? 0) > MAX_MESSAGE_BYTES) return undefined;
  const { smtpUtf8: utf8, body } = parameters;
  return { from: formatPath(path.value.path), to: [], utf8, binary: body === 'binarymime', bdat: undefined };
}

function plainRcpt(argument: string, isExtended: boolean, utf8: boolean): string | undefined {
  if (!/^to:/i.test(argument)) return undefined;
  const path = parseForwardPath(argument, 3);
  if (!path.ok || (path.value.isInternational && !utf8)) return undefined;
  if (
    argument.length > path.value.end &&
    (!isExtended || isParameterProblem(parseRcptParameters(argument, path.value.end)))
  )
    return undefined;
  return formatMailbox(path.value.path);
}

/** Content up to its end; `content` is undefined for a message that must be refused; undefined when the session must end. */
function plainData(text: string): { used: number; content: string | undefined } | undefined {
  const end = text.startsWith('.\r\n') ? 3 : text.indexOf('\r\n.\r\n') + 5;
  if (end === 4) return undefined;
  const raw = text.slice(0, end);
  if (!/(?<!\r)\n|\r(?!\n)|\0/.test(raw))
    return { used: end, content: raw.slice(0, -3).replace(/(^|\r\n)\./g, '$1') };
  // A fault, and then a dot alone on a line as a lenient reader sees lines, before the true end: the session ends.
  const fault = /(?<!\r)\n|\r(?!\n)|\0/.exec(raw)!.index;
  for (const match of raw.matchAll(/(?<=^|[\r\n])\.(?=[\r\n])/g)) {
    const stop = match.index + 1;
    const isTrueEnd = end - 3 === match.index;
    if (!isTrueEnd && (stop >= fault || stop + 1 >= fault)) return undefined;
  }
  return { used: end, content: undefined };
}

function utf8(latin1: string): string | undefined {
  const bytes = Buffer.from(latin1, 'latin1');
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
}

// ── the generator ─────────────────────────────────────────────────────────────────────────────────────────────────────

type Random = {
  /** 0 ≤ value < below, whole. */
  below(below: number): number;
  pick<T>(values: readonly T[]): T;
  chance(share: number): boolean;
};

/** mulberry32: small, and the same everywhere. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    below: (below) => Math.floor(next() * below),
    pick: (values) => values[Math.floor(next() * values.length)]!,
    chance: (share) => next() < share,
  };
}

const PIECES = [
  'x',
  'text',
  '.',
  '..',
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n.',
  '\r\n.\r\n',
  '\n',
  '\r',
  '\0',
  '\n.\n',
  '\n.\r\n',
  '\r\n.\n',
  '\r.\r',
  '\r\n.\r',
  '\x80',
  '\xc3\xa9',
  'MAIL FROM:<evil@b.test>\r\n',
  'RCPT TO:<victim@d.test>\r\n',
  'DATA\r\n',
  'Subject: x\r\n',
  'QUIT\r\n',
  '\r\n\0.\r\n',
  '\r\n.\r\0\n',
];
const LINES = [
  'EHLO client.test',
  'HELO client.test',
  'EHLO [192.0.2.1]',
  'EHLO',
  'MAIL FROM:<a@b.test>',
  'MAIL FROM:<>',
  'MAIL FROM:<a@b.test> SIZE=100 BODY=8BITMIME',
  'MAIL FROM:<a@b.test> BODY=BINARYMIME',
  'MAIL FROM:<a@b.test> SIZE=1000',
  'MAIL FROM:<a',
  'MAIL FROM:<j\xc3\xbcrgen@b.test> SMTPUTF8',
  'RCPT TO:<c@d.test>',
  'RCPT TO:<@x.test:c@d.test>',
  'RCPT TO:<"a b"@d.test> NOTIFY=NEVER',
  'RCPT TO:<bad',
  'RCPT TO:<c@[192.0.2.1]>',
  'DATA',
  'DATA',
  'RSET',
  'NOOP',
  'HELP',
  'VRFY x',
  'QUIT',
  'STARTTLS',
  'AUTH PLAIN',
  'ETRN x.test',
  'EXPN x',
  'BDAT x',
  'BDAT 0',
  'BDAT 0 LAST',
  'BDAT 999999',
  'GET / HTTP/1.1',
  '',
  'data',
  'r\xc5\xbfet',
  'Rset',
];

/** A conversation as a client might hold it, then damaged and cut. */
function makeStream(random: Random): Buffer[] {
  const segments: string[] = [];
  if (random.chance(0.9)) segments.push(random.chance(0.8) ? 'EHLO client.test\r\n' : 'HELO client.test\r\n');
  for (let round = 1 + random.below(3); round > 0; round -= 1) addRound(random, segments);
  if (random.chance(0.3)) damage(random, segments);
  // Most clients wait for replies; some send everything at once, or byte by byte.
  const manner = random.below(10);
  if (manner < 5)
    return segments.filter((segment) => segment !== '').map((segment) => Buffer.from(segment, 'latin1'));
  const bytes = Buffer.from(segments.join(''), 'latin1');
  if (manner === 5) return [bytes];
  const ends = new Set<number>();
  if (manner < 8) {
    // The segments, cut once more here and there.
    let sum = 0;
    for (const segment of segments) ends.add((sum += Buffer.byteLength(segment, 'latin1')));
  }
  const cuts = manner === 9 && bytes.length < 400 ? bytes.length : random.below(8);
  for (let cut = 0; cut < cuts; cut += 1)
    ends.add(cuts === bytes.length ? cut : random.below(bytes.length + 1));
  const sorted = [...ends, bytes.length].sort((a, b) => a - b);
  return sorted
    .map((end, index) => bytes.subarray(sorted[index - 1] ?? 0, end))
    .filter((chunk) => chunk.length > 0);
}

function addRound(random: Random, segments: string[]): void {
  if (random.chance(0.15)) {
    for (let count = random.below(6); count > 0; count -= 1) segments.push(`${random.pick(LINES)}\r\n`);
    return;
  }
  const envelope = ['MAIL FROM:<a@b.test>\r\n', 'RCPT TO:<c@d.test>\r\n'];
  if (random.chance(0.2)) envelope[0] = `${random.pick(LINES)}\r\n`;
  if (random.chance(0.3)) envelope.push(`${random.pick(LINES)}\r\n`);
  if (random.chance(0.7)) {
    if (random.chance(0.5)) segments.push(...envelope, 'DATA\r\n');
    else segments.push(`${envelope.join('')}DATA\r\n`);
    segments.push(content(random), random.chance(0.9) ? '\r\n.\r\n' : '');
    if (random.chance(0.3))
      segments[segments.length - 1] += random.pick([
        'QUIT\r\n',
        'NOOP\r\n',
        'RSET\r\n',
        'MAIL FROM:<b@c.test>\r\n',
      ]);
    return;
  }
  segments.push(...envelope);
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    const piece = content(random);
    const said = random.chance(0.95) ? piece.length : random.below(piece.length + 10);
    segments.push(`BDAT ${said}${count === 1 && random.chance(0.9) ? ' LAST' : ''}\r\n${piece}`);
  }
}

function content(random: Random): string {
  if (random.chance(0.05)) return `${'y'.repeat(random.below(1500))}\r\n`;
  let text = random.chance(0.5) ? 'Subject: x\r\n\r\n' : '';
  const clean = random.chance(0.6);
  for (let count = random.below(12); count > 0; count -= 1) {
    const piece = random.pick(PIECES);
    if (clean && /(?<!\r)\n|\r(?!\n)|\0/.test(piece)) continue;
    text += piece;
  }
  return text;
}

function damage(random: Random, segments: string[]): void {
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    if (segments.length === 0) return;
    const index = random.below(segments.length);
    const segment = segments[index]!;
    const at = random.below(segment.length + 1);
    const what = random.pick([
      '\r',
      '\n',
      '\0',
      '\xff',
      ' ',
      '.',
      '\r\n',
      '<',
      '>',
      String.fromCharCode(random.below(256)),
    ]);
    switch (random.below(4)) {
      case 0:
        segments[index] = segment.slice(0, at) + what + segment.slice(at);
        break;
      case 1:
        segments[index] = segment.slice(0, at) + segment.slice(at + 1);
        break;
      case 2:
        segments[index] = segment.slice(0, at) + what + segment.slice(at + 1);
        break;
      default:
        segments.splice(
          index,
          0,
          random.chance(0.3)
            ? `${'z'.repeat(1900 + random.below(400))}\r\n`
            : segments[random.below(segments.length)]!,
        );
    }
  }
}
