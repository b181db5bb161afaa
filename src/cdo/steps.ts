/**
 * Work that leaves the process, as values, so that each member exists once for both worlds.
 * Owns: the list of operations; running a member's steps with promises, or synchronously in a script's thread.
 * Leaves: performing the operations (host.ts).
 *
 * A member that needs a file or the network is a generator: it yields an operation and receives its answer. TypeScript
 * callers get a promise over the same steps that the automation face runs to the end before it returns.
 */
import type { SmtpSubmissionRequest, SmtpSubmissionResult } from './submission.ts';

export type HttpGetRequest = {
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  /** `host:port`, undefined: no proxy. */
  readonly proxy?: string;
  readonly proxyBypass?: string;
  readonly cookies?: string;
  /** Ask caches for a fresh copy. */
  readonly fresh: boolean;
};

export type HttpGetAnswer = {
  /** Status 0: nothing answered, `statusText` says why. */
  readonly status: number;
  readonly statusText: string;
  /** Behind redirects. */
  readonly url: string;
  readonly contentType: string;
  readonly fileName?: string;
  readonly bytes: Uint8Array;
};

export type NntpPostRequest = {
  readonly server: string;
  readonly port: number;
  readonly connectionTimeoutMs: number;
  readonly tls: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly message: Uint8Array;
};

export type NntpPostAnswer = {
  readonly outcome: 'posted' | 'refused' | 'not-connected' | 'logon-refused' | 'dropped';
  readonly response: string;
};

export type PutMessageRequest = {
  readonly folder: string;
  readonly name: string;
  readonly chunks: readonly Uint8Array[];
  readonly flush: boolean;
  /** Whose errors a failure is told with. */
  readonly by: 'cdo' | 'cdonts';
};

/** Operation → its request and its answer. All of it is plain data that a structured clone keeps. */
export type Operations = {
  'file.read': [request: { readonly path: string }, answer: Buffer];
  'file.write': [
    request: { readonly path: string; readonly bytes: Uint8Array; readonly existing: 'replace' | 'refuse' },
    answer: undefined,
  ];
  'file.delete': [request: { readonly path: string }, answer: undefined];
  'folder.list': [request: { readonly path: string }, answer: readonly string[]];
  /** Writes a message into a pickup folder: whole or not at all. */
  'message.put': [request: PutMessageRequest, answer: undefined];
  'smtp.submit': [request: SmtpSubmissionRequest, answer: SmtpSubmissionResult];
  'http.get': [request: HttpGetRequest, answer: HttpGetAnswer];
  'nntp.post': [request: NntpPostRequest, answer: NntpPostAnswer];
};

export type OperationName = keyof Operations;

export type Work = {
  [Name in OperationName]: { readonly operation: Name; readonly request: Operations[Name][0] };
}[OperationName];

/** The steps of a member. */
export type Steps<Result> = Generator<Work, Result, unknown>;

/** Asks for one operation: `const bytes = yield* ask('file.read', { path })`. */
export function* ask<Name extends OperationName>(
  operation: Name,
  request: Operations[Name][0],
): Generator<Work, Operations[Name][1], unknown> {
  return (yield { operation, request } as Work) as Operations[Name][1];
}

export type AsyncPerformer = (work: Work) => Promise<unknown>;
export type SyncPerformer = (work: Work) => unknown;

/** Runs the steps with promises. What an operation throws arrives at its `yield`. */
export async function runAsync<Result>(steps: Steps<Result>, perform: AsyncPerformer): Promise<Result> {
  let next = steps.next();
  while (!next.done) {
    let answer: unknown;
    try {
      answer = await perform(next.value);
    } catch (failure) {
      next = steps.throw(failure);
      continue;
    }
    next = steps.next(answer);
  }
  return next.value;
}

/** Runs the steps to their end before it returns. */
export function runSync<Result>(steps: Steps<Result>, perform: SyncPerformer): Result {
  let next = steps.next();
  while (!next.done) {
    let answer: unknown;
    try {
      answer = perform(next.value);
    } catch (failure) {
      next = steps.throw(failure);
      continue;
    }
    next = steps.next(answer);
  }
  return next.value;
}
