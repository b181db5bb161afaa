/**
 * The protocol log in the W3C extended form, as parsers of the old service's log read it.
 * Owns: field names, the odd values of the old log.
 * Leaves: files and writing in batches (base), which exchanges there are (session), whether it is on (settings).
 * Fails: a log that cannot be written is told once through `logger` and again when it recovers; too many
 * lines that cannot be written are dropped, sessions never wait for them.
 *
 * compat: QUIT is logged as 240, unknown verbs as `xxxx`, the argument with blanks as `+`, HELO name as cs-username, DATA
 * with the Message-ID; times are UTC. Two fields of our own stand at the end: session id and queue id. Mail that goes out has
 * one line for each command and each reply, with OutboundConnectionCommand or OutboundConnectionResponse as cs-username, the
 * host as c-ip, status 0, and as sc-bytes the length of the verb or of the reply.
 * Sources: doc "W3C extended log file format"; KB 193612 (files roll at UTC midnight).
 */
import { type Clock, DailyLog, type Logger, w3cField, w3cHeading } from '../../base/index.ts';
import type { SessionFacts } from './contract.ts';
import type { Exchange, ProtocolLog } from './observe.ts';

export const W3C_FIELDS =
  'date time c-ip cs-username s-sitename s-computername s-ip s-port cs-method cs-uri-stem cs-uri-query sc-status ' +
  'sc-win32-status sc-bytes cs-bytes time-taken cs-version cs-host cs(User-Agent) cs(Cookie) cs(Referer) ' +
  'x-session-id x-message-id';

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
  readonly #log: DailyLog;

  constructor(parts: W3cLogParts) {
    this.#parts = parts;
    const { clock, append, logger } = parts;
    this.#log = new DailyLog({
      clock,
      append,
      fileName: (day) => `ex${day}.log`,
      heading: (at) => w3cHeading(at, W3C_FIELDS),
      onFailed: (file, reason) => logger.event('warn', 'smtp.protocol-log-failed', { file, reason }),
      onRecovered: (file, dropped) => logger.event('info', 'smtp.protocol-log-recovered', { file, dropped }),
    });
  }

  exchange(session: SessionFacts, exchange: Exchange): void {
    this.#log.add(this.#line(session, exchange));
  }

  /** One line of a session in which we are the client. */
  outbound(line: OutboundLine): void {
    const { address, port, kind, text, tookMs, sessionId } = line;
    const isCommand = kind === 'command';
    const verb = isCommand ? text.split(' ', 1)[0]! : '';
    const query = isCommand ? text.slice(verb.length + 1) : text;
    this.#log.add(
      [
        address,
        isCommand ? 'OutboundConnectionCommand' : 'OutboundConnectionResponse',
        w3cField(this.#parts.siteName),
        w3cField(this.#parts.computerName),
        '-',
        port,
        w3cField(verb),
        '-',
        w3cField(query),
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

  /** Writes what waits; resolves when it is in the file or was told to have failed. */
  flush(): Promise<void> {
    return this.#log.flush();
  }

  #line({ client, heloName, server, id }: SessionFacts, exchange: Exchange): string {
    const { verb, argument, reply, bytesIn, bytesOut, tookMs, queueId } = exchange;
    const isQuit = verb === 'QUIT';
    const isContent = verb === 'DATA' || verb === 'BDAT';
    const query = isQuit ? heloName : isContent ? argument : argument === '' ? '' : `+${argument}`;
    return [
      client.address,
      w3cField(heloName),
      w3cField(this.#parts.siteName),
      w3cField(this.#parts.computerName),
      client.localAddress,
      client.localPort,
      verb,
      '-',
      w3cField(query),
      isQuit ? 240 : reply.code,
      0,
      bytesOut,
      bytesIn,
      Math.round(tookMs),
      'SMTP',
      w3cField(server),
      '- - -',
      id,
      queueId ?? '-',
    ].join(' ');
  }
}
