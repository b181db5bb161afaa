/**
 * A receiving SMTP server for end-to-end tests: keeps every message, and answers as the recipient's local-part says.
 * Its own small protocol engine on purpose: it must not share a mistake with the code under test.
 *
 *   reject-550-5.1.1@…   that reply to RCPT          defer-451-4.3.0@…  that reply to RCPT
 *   data-554-5.6.0@…     that reply to end of data   drop@…             hangs up at end of data, message not kept
 *   lost-reply@…         keeps the message and hangs up instead of replying
 */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

export type SunkMessage = {
  readonly sender: string;
  readonly recipients: readonly string[];
  /** The message as it was before dot stuffing. */
  readonly content: Buffer;
  /** Parameters of MAIL, upper case: `BODY=8BITMIME`. */
  readonly parameters: string;
  /** Number of the connection it came over, from 1. */
  readonly connection: number;
  readonly at: number;
};

export type SinkOptions = {
  readonly port?: number;
  readonly host?: string;
  /** EHLO keywords. Default: PIPELINING, 8BITMIME, SMTPUTF8, ENHANCEDSTATUSCODES, DSN. */
  readonly extensions?: readonly string[];
};

const DEFAULT_EXTENSIONS = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN'];

export class SinkServer {
  readonly messages: SunkMessage[] = [];
  readonly port: number;
  /** Everything clients said, command by command. */
  readonly commands: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: {
    readonly wanted: (messages: readonly SunkMessage[]) => boolean;
    readonly resolve: () => void;
  }[] = [];

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(options: SinkOptions = {}): Promise<SinkServer> {
    const server = createServer();
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
    await once(server, 'listening');
    const sink = new SinkServer(server, (server.address() as { port: number }).port);
    let connections = 0;
    server.on('connection', (socket) => {
      connections += 1;
      sink.#sockets.add(socket);
      socket.on('close', () => sink.#sockets.delete(socket));
      new SinkSession(socket, sink, connections, options.extensions ?? DEFAULT_EXTENSIONS);
    });
    return sink;
  }

  /** Resolves when the messages received so far satisfy `wanted`. */
  until(wanted: (messages: readonly SunkMessage[]) => boolean): Promise<void> {
    if (wanted(this.messages)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ wanted, resolve }));
  }

  /** Resolves when `count` messages have arrived in all. */
  reached(count: number): Promise<void> {
    return this.until((messages) => messages.length >= count);
  }

  keep(message: SunkMessage): void {
    this.messages.push(message);
    for (const waiter of [...this.#waiting]) {
      if (!waiter.wanted(this.messages)) continue;
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      waiter.resolve();
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** `550-5.1.1` → `550 5.1.1 as asked`. */
function scripted(recipient: string, verb: string): string | undefined {
  const match = new RegExp(`^${verb}-(\\d{3})-([245]\\.\\d+\\.\\d+)@`).exec(recipient);
  return match === null ? undefined : `${match[1]} ${match[2]} as asked`;
}

class SinkSession {
  readonly #socket: Socket;
  readonly #sink: SinkServer;
  readonly #connection: number;
  readonly #extensions: readonly string[];
  #rest = Buffer.alloc(0);
  #inData = false;
  #sender = '';
  #parameters = '';
  #recipients: string[] = [];

  constructor(socket: Socket, sink: SinkServer, connection: number, extensions: readonly string[]) {
    this.#socket = socket;
    this.#sink = sink;
    this.#connection = connection;
    this.#extensions = extensions;
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => this.#take(chunk));
    socket.write('220 sink.test ESMTP\r\n');
  }

  #take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      if (this.#inData) {
        const startsWithEnd = this.#rest.subarray(0, 3).equals(Buffer.from('.\r\n'));
        const end = startsWithEnd ? -2 : this.#rest.indexOf('\r\n.\r\n');
        if (end === -1) return;
        const content = this.#rest.subarray(0, end + 2);
        this.#rest = Buffer.from(this.#rest.subarray(end + 5));
        this.#inData = false;
        this.#endOfData(content.toString('latin1'));
      } else {
        const end = this.#rest.indexOf('\r\n');
        if (end === -1) return;
        const line = this.#rest.subarray(0, end).toString('utf8');
        this.#rest = Buffer.from(this.#rest.subarray(end + 2));
        this.#sink.commands.push(line);
        this.#command(line);
      }
    }
  }

  #command(line: string): void {
    const [verb = ''] = line.split(' ', 1);
    switch (verb.toUpperCase()) {
      case 'EHLO': {
        const lines = ['sink.test', ...this.#extensions];
        this.#say(
          lines.map((text, index) => `250${index === lines.length - 1 ? ' ' : '-'}${text}`).join('\r\n'),
        );
        break;
      }
      case 'HELO':
        this.#say('250 sink.test');
        break;
      case 'MAIL': {
        const match = /^MAIL FROM:<(.*?)>\s*(.*)$/i.exec(line);
        this.#sender = match?.[1] ?? '';
        this.#parameters = (match?.[2] ?? '').toUpperCase();
        this.#recipients = [];
        this.#say('250 2.1.0 ok');
        break;
      }
      case 'RCPT': {
        const recipient = /^RCPT TO:<(.*?)>/i.exec(line)?.[1] ?? '';
        const refusal = scripted(recipient, 'reject') ?? scripted(recipient, 'defer');
        if (refusal === undefined) this.#recipients.push(recipient);
        this.#say(refusal ?? '250 2.1.5 ok');
        break;
      }
      case 'DATA':
        this.#inData = this.#recipients.length > 0;
        this.#say(this.#inData ? '354 go on' : '554 5.5.1 no recipients');
        break;
      case 'RSET':
      case 'NOOP':
        this.#say('250 2.0.0 ok');
        break;
      case 'QUIT':
        this.#say('221 2.0.0 bye');
        this.#socket.end();
        break;
      default:
        this.#say('500 5.5.2 what?');
    }
  }

  #endOfData(stuffed: string): void {
    const [first = ''] = this.#recipients;
    if (first.startsWith('drop@')) {
      this.#socket.destroy();
      return;
    }
    const refusal = scripted(first, 'data');
    if (refusal !== undefined) {
      this.#say(refusal);
      return;
    }
    this.#sink.keep({
      sender: this.#sender,
      recipients: this.#recipients,
      content: Buffer.from(stuffed.replaceAll(/^\./gm, ''), 'latin1'),
      parameters: this.#parameters,
      connection: this.#connection,
      at: Date.now(),
    });
    if (first.startsWith('lost-reply@')) this.#socket.destroy();
    else this.#say('250 2.6.0 kept');
  }

  #say(line: string): void {
    if (!this.#socket.destroyed) this.#socket.write(`${line}\r\n`);
  }
}
