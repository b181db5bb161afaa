/**
 * The protocol log in the W3C extended form, as parsers of the old service's log read it.
 * Owns: field names, the odd values of the old log, one file a day (UTC), writing in batches.
 * Leaves: which exchanges there are (session), whether it is on (settings).
 * Fails: a log that cannot be written is told once through `logger` and again when it recovers; lines that cannot be
 * written are dropped beyond MOST_WAITING, sessions never wait for them.
 *
 * compat: QUIT is logged as 240, unknown verbs as `xxxx`, the argument with blanks as `+`, HELO name as cs-username, DATA
 * with the Message-ID; times are UTC. Two fields of our own stand at the end: session id and queue id. Mail that goes out has
 * one line for each command and each reply, with OutboundConnectionCommand or OutboundConnectionResponse as cs-username, the
 * host as c-ip, status 0, and as sc-bytes the length of the verb or of the reply.
 * Sources: doc "W3C extended log file format"; KB 193612 (files roll at UTC midnight).
 */
import type { Clock, Logger, Timer } from '../../base/index.ts';
import type { SessionFacts } from './contract.ts';
import type { Exchange, ProtocolLog } from './observe.ts';

export const W3C_FIELDS =
  'date time c-ip cs-username s-sitename s-computername s-ip s-port cs-method cs-uri-stem cs-uri-query sc-status ' +
  'sc-win32-status sc-bytes cs-bytes time-taken cs-version cs-host cs(User-Agent) cs(Cookie) cs(Referer) ' +
  'x-session-id x-message-id';

/** Lines wait this long to be written together. */
const BATCH_MS = 1000;
/** Characters that may wait for a disk that does not take them. */
const MOST_WAITING = 8 * 1024 * 1024;

export type W3cLogParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Appends to a file of the log folder, creating both. */
  readonly append: (fileName: string, text: string) => Promise<void>;
  /** `SMTPSVC1` */
  readonly siteName: string;
  readonly computerName: string;
};

export type OutboundLine = {
  /** The host that we talk to. */
  readonly address: string;
  readonly port: number;
  readonly kind: 'command' | 'response';
  readonly text: string;
  /** How long the reply took; 0 for a command. */
  readonly tookMs: number;
  readonly sessionId: string;
};

export class W3cLog implements ProtocolLog {
  readonly #parts: W3cLogParts;
  /** Text that waits, by file. */
  readonly #waiting = new Map<string, string>();
  #waitingLength = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #headed = '';
  #isFailing = false;
  #dropped = 0;

  constructor(parts: W3cLogParts) {
    this.#parts = parts;
  }

  exchange(session: SessionFacts, exchange: Exchange): void {
    this.#add(this.#line(session, exchange));
  }

  /** One line of a session in which we are the client. */
  outbound(line: OutboundLine): void {
    const { address, port, kind, text, tookMs, sessionId } = line;
    const isCommand = kind === 'command';
    const verb = isCommand ? text.split(' ', 1)[0]! : '';
    const query = isCommand ? text.slice(verb.length + 1) : text;
    this.#add(
      [
        address,
        isCommand ? 'OutboundConnectionCommand' : 'OutboundConnectionResponse',
        field(this.#parts.siteName),
        field(this.#parts.computerName),
        '-',
        port,
        field(verb),
        '-',
        field(query),
        0,
        0,
        isCommand ? verb.length : text.length,
        0,
        Math.round(tookMs),
        'SMTP',
        '-',
        '- - -',
        sessionId,
        '-',
      ].join(' '),
    );
  }

  #add(line: string): void {
    const now = new Date(this.#parts.clock.now()).toISOString();
    const date = now.slice(0, 10);
    const time = now.slice(11, 19);
    const file = `ex${date.slice(2, 4)}${date.slice(5, 7)}${date.slice(8, 10)}.log`;
    let text = `${date} ${time} ${line}\r\n`;
    if (this.#headed !== file) {
      this.#headed = file;
      text = `${heading(`${date} ${time}`)}${text}`;
    }
    if (this.#waitingLength > MOST_WAITING) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.set(file, (this.#waiting.get(file) ?? '') + text);
    this.#waitingLength += text.length;
    this.#timer ??= this.#parts.clock.setTimer(BATCH_MS, () => {
      this.#timer = undefined;
      void this.flush();
    });
  }

  /** Writes what waits; resolves when it is in the file or was told to have failed. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeWaiting());
    return this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    for (const [file, text] of [...this.#waiting]) {
      this.#waiting.delete(file);
      try {
        await this.#parts.append(file, text);
        this.#waitingLength -= text.length;
        if (this.#isFailing)
          this.#parts.logger.event('info', 'smtp.protocol-log-recovered', { file, dropped: this.#dropped });
        this.#isFailing = false;
        this.#dropped = 0;
      } catch (thrown) {
        this.#waiting.set(file, text + (this.#waiting.get(file) ?? ''));
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        if (!this.#isFailing) this.#parts.logger.event('warn', 'smtp.protocol-log-failed', { file, reason });
        this.#isFailing = true;
        return;
      }
    }
  }

  #line({ client, heloName, server, id }: SessionFacts, exchange: Exchange): string {
    const { verb, argument, reply, bytesIn, bytesOut, tookMs, queueId } = exchange;
    const isQuit = verb === 'QUIT';
    const isContent = verb === 'DATA' || verb === 'BDAT';
    const query = isQuit ? heloName : isContent ? argument : argument === '' ? '' : `+${argument}`;
    return [
      client.address,
      field(heloName),
      field(this.#parts.siteName),
      field(this.#parts.computerName),
      client.localAddress,
      client.localPort,
      verb,
      '-',
      field(query),
      isQuit ? 240 : reply.code,
      0,
      bytesOut,
      bytesIn,
      Math.round(tookMs),
      'SMTP',
      field(server),
      '- - -',
      id,
      queueId ?? '-',
    ].join(' ');
  }
}

function heading(at: string): string {
  return `#Software: Mailroot\r\n#Version: 1.0\r\n#Date: ${at}\r\n#Fields: ${W3C_FIELDS}\r\n`;
}

/** One value: never empty, never with a blank or a control in it. */
function field(text: string): string {
  return text === '' ? '-' : text.replace(/ /g, '+').replace(/[\x00-\x20\x7f]/g, '?');
}
