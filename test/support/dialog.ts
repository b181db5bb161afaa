/**
 * Conversations as files: reading them, and holding them with a server.
 * Owns: the notation.  Leaves: which server (dialogs.test.ts).
 *
 *   # Title (source)
 *   @ from 127.0.0.2            the client's address; 127.0.0.1 may relay, others may not
 *   @ split                     hold it once for every place where the client's bytes can be cut in two
 *   @ limits {"maxRecipients":2}   also `server`, `intake`, `users {"anna":"secret"}`, `failure "disk-full"`, `dropFull true`
 *   S: 250 2.1.0 *              one line of the server; * stands for anything
 *   S: 250-* … 250 *            one reply of any number of lines
 *   S: [closed]                 the server closes the connection
 *   C: MAIL FROM:<a@b.test>     one line of the client; lines that follow each other go out as one segment
 *   B: a\nb\r\n                 bytes of the client, with \r \n \0 \t \\ and \xHH
 *   C: [end]                    the client closes its side
 *   > accepted <a@b.test> → <c@d.test>, <e@d.test>
 *   > content Subject: x\r\n\r\ntext\r\n      of the last accepted message, without the fields we put on top
 *   > messages 0                how many were accepted in all
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type DialogStep =
  | { readonly kind: 'server'; readonly pattern: string; readonly line: number }
  | { readonly kind: 'client'; readonly bytes: Buffer; readonly line: number }
  | { readonly kind: 'end'; readonly line: number }
  | { readonly kind: 'check'; readonly what: string; readonly text: string; readonly line: number };

export type Dialog = {
  readonly title: string;
  readonly from: string;
  readonly isSplit: boolean;
  /** `@ name JSON` lines. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly steps: readonly DialogStep[];
};

export function parseDialog(text: string): Dialog {
  const lines = text.split('\n');
  const settings: Record<string, unknown> = {};
  const steps: DialogStep[] = [];
  let from = '127.0.0.1';
  let isSplit = false;
  for (const [index, whole] of lines.entries()) {
    const line = index + 1;
    if (whole === '' || whole.startsWith('#')) continue;
    const [, mark, rest] = /^(@ |S: ?|C: ?|B: ?|> )(.*)$/s.exec(whole) ?? [];
    const value = rest ?? '';
    if (mark === undefined) throw new Error(`line ${line} has no mark: ${whole}`);
    if (mark === '@ ') {
      const [, name, json] = /^(\w+) ?(.*)$/.exec(value)!;
      if (name === 'from') from = json!;
      else if (name === 'split') isSplit = true;
      else settings[name!] = JSON.parse(json!);
    } else if (mark.startsWith('S')) steps.push({ kind: 'server', pattern: value, line });
    else if (mark === '> ') {
      const blank = `${value} `.indexOf(' ');
      steps.push({ kind: 'check', what: value.slice(0, blank), text: value.slice(blank + 1), line });
    } else if (value === '[end]') steps.push({ kind: 'end', line });
    else addBytes(steps, mark.startsWith('B') ? bytesOf(value) : Buffer.from(`${value}\r\n`), line);
  }
  return { title: lines[0]!.replace(/^# /, ''), from, isSplit, settings, steps };
}

function addBytes(steps: DialogStep[], bytes: Buffer, line: number): void {
  const last = steps.at(-1);
  if (last?.kind !== 'client') steps.push({ kind: 'client', bytes, line });
  else
    steps[steps.length - 1] = { kind: 'client', bytes: Buffer.concat([last.bytes, bytes]), line: last.line };
}

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', '0': '\0', t: '\t', '\\': '\\' };

export function bytesOf(text: string): Buffer {
  const parts = text.split(/(\\x[0-9a-fA-F]{2}|\\.)/);
  return Buffer.concat(
    parts.map((part) => {
      if (part.startsWith('\\x')) return Buffer.from([Number.parseInt(part.slice(2), 16)]);
      if (!part.startsWith('\\')) return Buffer.from(part);
      const escaped = ESCAPES[part.slice(1)];
      if (escaped === undefined) throw new Error(`unknown escape ${part}`);
      return Buffer.from(escaped);
    }),
  );
}

/** The longest write of the client: the number of cuts that `@ split` asks for. */
export function longestWrite(dialog: Dialog): number {
  return Math.max(...dialog.steps.map((step) => (step.kind === 'client' ? step.bytes.length : 0)));
}

export type DialogTarget = {
  readonly port: number;
  check(what: string, text: string): void;
};

/** Holds the conversation; throws with the line of the file where it went another way. `cut` cuts every write in two. */
export async function holdDialog(dialog: Dialog, target: DialogTarget, cut?: number): Promise<void> {
  const socket = connect({ port: target.port, host: '127.0.0.1', localAddress: dialog.from, noDelay: true });
  await once(socket, 'connect');
  const listener = new Listener(socket);
  const { steps } = dialog;
  try {
    for (const step of steps) {
      if (step.kind === 'client') await send(socket, step.bytes, cut);
      else if (step.kind === 'end') socket.end();
      else if (step.kind === 'check') target.check(step.what, step.text);
      else await listener.expect(step);
    }
  } finally {
    socket.destroy();
  }
}

async function send(socket: Socket, bytes: Buffer, cut: number | undefined): Promise<void> {
  if (cut === undefined || cut <= 0 || cut >= bytes.length) {
    socket.write(bytes);
    return;
  }
  await new Promise<void>((resolve) => socket.write(bytes.subarray(0, cut), () => resolve()));
  // The server runs in this process: after a few turns it has read the first part.
  for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
  if (!socket.destroyed) socket.write(bytes.subarray(cut));
}

class Listener {
  #text = '';
  #isClosed = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      this.#text += text;
      this.#wake();
    });
    for (const event of ['end', 'close', 'error'])
      socket.on(event, () => {
        this.#isClosed = true;
        this.#wake();
      });
  }

  async expect(step: Extract<DialogStep, { kind: 'server' }>): Promise<void> {
    const { pattern } = step;
    if (pattern === '[closed]') {
      await this.#until(() => this.#isClosed || this.#text !== '', step);
      if (this.#text !== '')
        throw new Error(`line ${step.line}: expected the end, got ${JSON.stringify(this.#text)}`);
      return;
    }
    const whole = /^(\d{3})-\* … \1 \*$/.exec(pattern);
    const form = whole
      ? new RegExp(`^(?:${whole[1]}-[^\\r\\n]*\\r\\n)*${whole[1]} [^\\r\\n]*\\r\\n`)
      : new RegExp(`^${pattern.split('*').map(escapeRegExp).join('[^\\r\\n]*')}\\r\\n`);
    const isComplete = whole ? /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n/ : /^[^\n]*\n/;
    await this.#until(() => isComplete.test(this.#text) || this.#isClosed, step);
    const match = form.exec(this.#text);
    if (match === null)
      throw new Error(`line ${step.line}: expected ${pattern}, got ${JSON.stringify(this.#text)}`);
    this.#text = this.#text.slice(match[0].length);
  }

  async #until(isDone: () => boolean, step: DialogStep): Promise<void> {
    const startedAt = performance.now();
    while (!isDone()) {
      await new Promise<void>((resolve, reject) => {
        // Only a server that hangs gets this far; the limit turns a hang into a message with a line number.
        const limit = setTimeout(
          () =>
            reject(
              new Error(
                `line ${step.line}: no answer for ${performance.now() - startedAt} ms; got ${JSON.stringify(this.#text)}`,
              ),
            ),
          10_000,
        );
        this.#wake = () => {
          clearTimeout(limit);
          resolve();
        };
      });
    }
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
