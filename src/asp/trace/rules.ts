/**
 * Which requests are worth keeping.
 * Owns: conditions and how they combine.  Leaves: recording (pages), keeping (store).
 * Source: doc "IIS traceFailedRequests" (path, status codes, time taken).
 */
import type { TracedRequest, TraceReason } from './stored-trace.ts';

/** A request is kept when its path fits and one of the other conditions holds; without others, every request is. */
export type TraceRule = {
  /** Virtual path with `*`; `*` or absent: every page. Any case. */
  readonly path?: string;
  /** Ranges of status codes, ends included. */
  readonly statusCodes?: readonly (readonly [from: number, to: number])[];
  /** Requests that took at least this long. */
  readonly timeTakenMs?: number;
  /** Requests with an error of the page that nobody trapped. */
  readonly errors?: boolean;
};

/** True when a request for this path may have to be kept, so that it must be recorded. */
export function mayApply(rules: readonly TraceRule[], path: string): boolean {
  return rules.some((rule) => fitsPath(rule.path, path));
}

/** Why the request is kept; undefined: it is not. */
export function reasonOf(rules: readonly TraceRule[], request: TracedRequest): TraceReason | undefined {
  for (const rule of rules) {
    if (!fitsPath(rule.path, request.path)) continue;
    const { statusCodes, timeTakenMs, errors } = rule;
    if (errors === true && request.error !== undefined) return 'ERROR';
    if (statusCodes?.some(([from, to]) => request.status >= from && request.status <= to))
      return 'STATUS_CODE';
    if (timeTakenMs !== undefined && request.tookMs >= timeTakenMs) return 'TIME_TAKEN';
    if (statusCodes === undefined && timeTakenMs === undefined && errors !== true) return 'PATH';
  }
  return undefined;
}

export function fitsPath(pattern: string | undefined, path: string): boolean {
  if (pattern === undefined || pattern === '*') return true;
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*');
  return new RegExp(`^${source.startsWith('/') || source.startsWith('.*') ? '' : '.*/'}${source}$`, 'i').test(
    path,
  );
}

/** `500-599,404` as ranges; a text that says what is wrong. */
export function parseStatusCodes(text: string): readonly (readonly [number, number])[] | string {
  const ranges: [number, number][] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d{3})(?:\s*-\s*(\d{3}))?\s*$/.exec(part);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (match === null || from > to || from < 100)
      return `'${part.trim()}': status codes are written as 500 or 500-599, with commas between them`;
    ranges.push([from, to]);
  }
  return ranges;
}
