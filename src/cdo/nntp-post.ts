/**
 * Posting one article to an NNTP server.
 * Owns: the dialogue, greeting to QUIT.  Leaves: composing (message.ts), error numbers (send.ts).
 * Fails: never rejects; every end is an answer.
 * Sources: RFC 3977 §5.1, §6.3.1; RFC 4643 §2.3 (AUTHINFO USER/PASS).
 */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { NntpPosting } from './host.ts';
import type { NntpPostAnswer, NntpPostRequest } from './steps.ts';

/** Longest wait for any answer behind the connection. */
const ANSWER_TIMEOUT_MS = 120_000;

export function nntpPosting(): NntpPosting {
  return { post: (request) => new Posting(request).run() };
}

class Posting {
  readonly #request: NntpPostRequest;
  readonly #socket: Socket;
  #received = '';
  #waiting: ((line: string | undefined) => void) | undefined;
  #problem = 'the server closed the connection';

  constructor(request: NntpPostRequest) {
    this.#request = request;
    const { server, port } = request;
    this.#socket = request.tls
      ? connectTls({ host: server, port, servername: server })
      : connect({ host: server, port });
    this.#socket.setEncoding('utf8');
    this.#socket.setTimeout(request.connectionTimeoutMs, () =>
      this.#socket.destroy(new Error('no answer in time')),
    );
    this.#socket.on('data', (text: string) => {
      this.#received += text;
      this.#deliver();
    });
    this.#socket.on('error', (failure) => {
      this.#problem = failure.message;
    });
    this.#socket.on('close', () => {
      this.#waiting?.(undefined);
    });
  }

  async run(): Promise<NntpPostAnswer> {
    try {
      return await this.#dialogue();
    } finally {
      this.#socket.end();
      this.#socket.destroy();
    }
  }

  async #dialogue(): Promise<NntpPostAnswer> {
    const greeting = await this.#line();
    if (greeting === undefined) return { outcome: 'not-connected', response: this.#problem };
    if (!/^20[01]/.test(greeting)) return { outcome: 'not-connected', response: greeting };
    this.#socket.setTimeout(ANSWER_TIMEOUT_MS);
    const { user, password } = this.#request;
    if (user !== undefined) {
      const answer = await this.#logOn(user, password ?? '');
      if (answer !== undefined) return answer;
    }
    const ready = await this.#ask('POST');
    if (ready === undefined) return { outcome: 'dropped', response: this.#problem };
    if (!ready.startsWith('340')) return { outcome: 'refused', response: ready };
    this.#socket.write(dotted(this.#request.message));
    const end = await this.#line();
    if (end === undefined) return { outcome: 'dropped', response: this.#problem };
    this.#socket.write('QUIT\r\n');
    return { outcome: end.startsWith('240') ? 'posted' : 'refused', response: end };
  }

  async #logOn(user: string, password: string): Promise<NntpPostAnswer | undefined> {
    const first = await this.#ask(`AUTHINFO USER ${oneWord(user)}`);
    const last = first?.startsWith('381') ? await this.#ask(`AUTHINFO PASS ${oneWord(password)}`) : first;
    if (last === undefined) return { outcome: 'dropped', response: this.#problem };
    return last.startsWith('281') ? undefined : { outcome: 'logon-refused', response: last };
  }

  #ask(command: string): Promise<string | undefined> {
    this.#socket.write(`${command}\r\n`);
    return this.#line();
  }

  /** The next line; undefined when the connection has ended. */
  #line(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#deliver();
      if (this.#socket.destroyed) this.#waiting?.(undefined);
    });
  }

  #deliver(): void {
    const end = this.#received.indexOf('\n');
    if (end < 0 || this.#waiting === undefined) return;
    const line = this.#received.slice(0, end).trimEnd();
    this.#received = this.#received.slice(end + 1);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting(line);
  }
}

/** RFC 3977 §3.1.1: dots at line starts doubled, a dot alone at the end. */
function dotted(article: Uint8Array): Buffer {
  const text = Buffer.from(article).toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..');
  return Buffer.from(`${text}${text.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1');
}

function oneWord(text: string): string {
  return text.replace(/[\r\n\0]/g, '');
}
