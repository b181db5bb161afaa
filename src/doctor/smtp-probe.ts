/**
 * A short conversation with an SMTP server, to see what it says. It never sends a message: nothing behind RCPT.
 * Owns: one connection, reply by reply, with time limits.  Leaves: what answers mean (access.ts, outbound.ts).
 * Fails: a value with the stage and the reason.
 */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** What TLS came to be: its version, and why the certificate would not be trusted. */
export type TlsProbe = { readonly version: string; readonly problem: string | undefined };

export type ProbeReply = { readonly code: number; readonly lines: readonly string[] };

const TIMEOUT_MS = 8_000;

export class SmtpProbe {
  #socket: Socket;
  #tls: TlsProbe | undefined;
  #buffer = '';
  #waiting: { resolve: (reply: ProbeReply) => void; reject: (reason: Error) => void } | undefined;
  #lines: string[] = [];
  readonly #replies: ProbeReply[] = [];
  #failure: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  /** Connects and reads the greeting. Rejects with the reason. */
  static async open(
    host: string,
    port: number,
    options: {
      readonly localAddress?: string;
      readonly implicitTls?: boolean;
      readonly serverName?: string;
    } = {},
  ): Promise<{ readonly probe: SmtpProbe; readonly greeting: ProbeReply }> {
    const { localAddress, implicitTls, serverName } = options;
    const plain = connect({ host, port, ...(localAddress !== undefined && { localAddress }) });
    const socket =
      implicitTls === true
        ? connectTls({ socket: plain, ...TOLERANT, ...nameOf(serverName ?? host) })
        : plain;
    socket.setTimeout(TIMEOUT_MS);
    const probe = new SmtpProbe(socket);
    if (socket !== plain) plain.on('error', (error) => probe.#fail(error));
    try {
      const greeting = await probe.#next();
      if (implicitTls === true) probe.#tls = factsOf(socket as TLSSocket);
      return { probe, greeting };
    } catch (thrown) {
      socket.destroy();
      throw thrown;
    }
  }

  /** Undefined while the conversation is in plain text. */
  get tls(): TlsProbe | undefined {
    return this.#tls;
  }

  async ask(line: string): Promise<ProbeReply> {
    this.#socket.write(`${line}\r\n`);
    return this.#next();
  }

  /** STARTTLS and the handshake; gives the version and whether the certificate would be trusted for `serverName`. */
  async startTls(serverName: string): Promise<TlsProbe | ProbeReply> {
    const answer = await this.ask('STARTTLS');
    if (answer.code !== 220) return answer;
    const plain = this.#socket;
    plain.removeAllListeners('data');
    const secure: TLSSocket = await new Promise((resolve, reject) => {
      const upgraded = connectTls({ socket: plain, ...TOLERANT, ...nameOf(serverName) }, () =>
        resolve(upgraded),
      );
      upgraded.on('error', reject);
      plain.on('close', () => reject(new Error('the connection was closed in the handshake')));
      plain.setTimeout(TIMEOUT_MS, () => reject(new Error('no answer in the handshake')));
    });
    this.#socket = secure;
    this.#listen();
    this.#tls = factsOf(secure);
    return this.#tls;
  }

  close(): void {
    this.#socket.end('QUIT\r\n');
    this.#socket.destroySoon();
  }

  #listen(): void {
    this.#socket.on('data', (bytes) => this.#read(String(bytes)));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('timeout', () => this.#fail(new Error(`no answer for ${TIMEOUT_MS / 1000} seconds`)));
    this.#socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  #read(text: string): void {
    this.#buffer += text;
    if (this.#buffer.length > 64 * 1024) this.#fail(new Error('the server talks without end'));
    for (let end = this.#buffer.indexOf('\n'); end >= 0; end = this.#buffer.indexOf('\n')) {
      const line = this.#buffer.slice(0, end).replace(/\r$/, '');
      this.#buffer = this.#buffer.slice(end + 1);
      this.#lines.push(line.slice(4));
      if (/^\d{3}(?: |$)/.test(line)) {
        this.#replies.push({ code: Number(line.slice(0, 3)), lines: this.#lines });
        this.#lines = [];
        this.#deliver();
      } else if (!/^\d{3}-/.test(line)) this.#fail(new Error(`this is no SMTP: ${line.slice(0, 60)}`));
    }
  }

  #next(): Promise<ProbeReply> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#deliver();
    });
  }

  #deliver(): void {
    if (this.#waiting === undefined) return;
    const reply = this.#replies.shift();
    if (reply !== undefined) this.#waiting.resolve(reply);
    else if (this.#failure !== undefined) this.#waiting.reject(this.#failure);
    else return;
    this.#waiting = undefined;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#socket.destroy();
    this.#deliver();
  }
}

/** Old versions and untrusted certificates are looked at, not refused: the finding says what they are. */
const TOLERANT = { rejectUnauthorized: false, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

/** The name that the certificate must have; addresses are not sent as a server name (RFC 6066 §3). */
function nameOf(name: string): { readonly host: string; readonly servername?: string } {
  return isIP(name) === 0 ? { host: name, servername: name } : { host: name };
}

function factsOf(socket: TLSSocket): TlsProbe {
  return {
    version: socket.getProtocol() ?? 'unknown',
    problem: socket.authorized ? undefined : String(socket.authorizationError ?? 'not trusted'),
  };
}

/** `550 5.7.1 Unable to relay`, on one line. */
export function replyText({ code, lines }: ProbeReply): string {
  return `${code} ${lines.join(' ')}`.trim();
}
