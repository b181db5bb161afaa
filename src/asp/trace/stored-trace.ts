/**
 * One recorded request as it is kept: what was asked, what came of it, and the records of the page.
 * Owns: the form of the file.  Leaves: keeping files (store), showing them (text, freb).
 */
import type { PageError, TraceRecord } from '../contract.ts';

/** Why a request was kept, in the words of Failed Request Tracing; `REQUESTED`: somebody asked for the next ones. */
export type TraceReason = 'STATUS_CODE' | 'TIME_TAKEN' | 'ERROR' | 'PATH' | 'REQUESTED';

export type TracedRequest = {
  readonly site: string;
  /** When it began, UTC milliseconds. */
  readonly at: number;
  readonly method: string;
  /** `http://host:8080/order.asp?step=2` */
  readonly url: string;
  /** Virtual path of the page. */
  readonly path: string;
  readonly client: string;
  readonly user: string;
  readonly status: number;
  readonly subStatus: number;
  readonly tookMs: number;
  readonly error: PageError | undefined;
};

export type StoredTrace = TracedRequest & {
  readonly format: 1;
  /** `fr000001`. */
  readonly id: string;
  readonly reason: TraceReason;
  /** Names the request in exports. */
  readonly activityId: string;
  readonly processId: number;
  readonly records: readonly TraceRecord[];
  /** Records that found no room. */
  readonly dropped: number;
};

/** Reads the text of a trace file. The reason says what is wrong with it. */
export function parseTrace(
  text: string,
): { readonly ok: true; readonly value: StoredTrace } | { readonly ok: false; readonly reason: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return { ok: false, reason: `it is no JSON: ${(thrown as Error).message}` };
  }
  const trace = value as Partial<StoredTrace> | null;
  if (typeof trace !== 'object' || trace === null || trace.format !== 1)
    return { ok: false, reason: 'it is no trace of this version of Mailroot' };
  const isWhole =
    typeof trace.id === 'string' &&
    typeof trace.at === 'number' &&
    typeof trace.url === 'string' &&
    typeof trace.status === 'number' &&
    Array.isArray(trace.records);
  return isWhole
    ? { ok: true, value: trace as StoredTrace }
    : { ok: false, reason: 'a part of it is missing' };
}
