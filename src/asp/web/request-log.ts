/**
 * The log of requests in the W3C extended form, with the fields that IIS writes.
 * Owns: the fields and how a failed page is told in them.  Leaves: files and batches (base).
 * compat: a page that failed has `|line|hexcode|text` in the query field; times are UTC; the status is the one sent.
 * Sources: doc "W3C extended log file format (IIS)"; doc "IIS asp logErrorRequests".
 */
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, DailyLog, type Logger, w3cField, w3cHeading } from '../../base/index.ts';
import type { PageError } from '../contract.ts';

export const REQUEST_LOG_FIELDS =
  'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) ' +
  'sc-status sc-substatus sc-win32-status time-taken';

export type LoggedRequest = {
  readonly serverAddress: string;
  readonly serverPort: number;
  readonly clientAddress: string;
  readonly method: string;
  /** As sent: path and query. */
  readonly target: string;
  readonly userAgent: string | undefined;
  readonly referrer: string | undefined;
  readonly status: number;
  /** What IIS tells beside the status: 100 for a script error, 14 for a listing that is not given. */
  readonly subStatus: number;
  readonly tookMs: number;
  readonly error: PageError | undefined;
  /** What pages added by Response.AppendToLog. */
  readonly added: string;
};

/** Characters of a field: a client decides over some of them. */
const LONGEST = 4096;

export class RequestLog {
  readonly #log: DailyLog;

  constructor(parts: { folder: string; site: string; clock: Clock; logger: Logger }) {
    const { folder, site, clock, logger } = parts;
    this.#log = new DailyLog({
      clock,
      append: async (name, text) => {
        await mkdir(folder, { recursive: true });
        await appendFile(join(folder, name), text);
      },
      fileName: (day) => `u_ex${day}.log`,
      heading: (at) => w3cHeading(at, REQUEST_LOG_FIELDS),
      onFailed: (file, reason) => logger.event('warn', 'asp.request-log-failed', { site, file, reason }),
      onRecovered: (file, dropped) =>
        logger.event('info', 'asp.request-log-recovered', { site, file, dropped }),
    });
  }

  add(request: LoggedRequest): void {
    this.#log.add(requestLine(request));
  }

  flush(): Promise<void> {
    return this.#log.flush();
  }
}

export function requestLine(request: LoggedRequest): string {
  const mark = request.target.indexOf('?');
  const path = mark < 0 ? request.target : request.target.slice(0, mark);
  const query = `${mark < 0 ? '' : request.target.slice(mark + 1)}${request.added}${failure(request.error)}`;
  return [
    request.serverAddress,
    value(request.method),
    value(path),
    value(query),
    request.serverPort,
    '-',
    request.clientAddress,
    value(request.userAgent ?? ''),
    value(request.referrer ?? ''),
    request.status,
    request.subStatus,
    0,
    Math.round(request.tookMs),
  ].join(' ');
}

/** `|12|800a000d|Type_mismatch:_'foo'` */
function failure(error: PageError | undefined): string {
  if (error === undefined) return '';
  const hex = (error.number >>> 0).toString(16).padStart(8, '0');
  const code = error.aspCode === '' ? hex : `ASP_${error.aspCode}_:_${hex}`;
  const text = (error.description || error.aspDescription).replace(/[\s|]+/g, '_');
  return `|${error.line}|${code}|${text}`;
}

function value(text: string): string {
  return w3cField(text.slice(0, LONGEST));
}
