/**
 * The pool of page threads: the entrance from the web side to the pages.
 * Owns: sending a site's description once to each thread, keeping sessions with objects on their thread, what the end of a thread
 * means to the browser.
 * Leaves: threads, limits, the queue (script/thread-pool), requests (page-run), sockets (web).
 * Fails: `run` never rejects for what a page does; it resolves to an outcome. After `close` it rejects.
 */
import { availableParallelism } from 'node:os';
import { type PoolOptions, ThreadPool, type ThreadProgram, type ThreadServices } from '../../script/index.ts';
import type { PageError, PageOrder, PageOutcome, PagePiece, PageSite, SessionAfter } from '../contract.ts';
import { errorHtml, failedOutcome, hiddenErrorHtml, plainError } from '../page/error-page.ts';
import { PackedTrace } from '../trace/packed-trace.ts';
import type { WireOrder, WireOutcome } from './page-wire.ts';

export type PageRunOptions = {
  /** Called with what leaves before the page's end, in order. The promise, when one is given, holds the page back. */
  readonly onPiece?: (piece: PagePiece) => void | Promise<void>;
  /** What the page may have done for it: SMTP, HTTP, the application's variables. `end` is called when the request is over. */
  readonly services: ThreadServices;
  /** Aborted when the browser has gone; Response.IsClientConnected says so then. */
  readonly signal?: AbortSignal;
};

const PROGRAM: ThreadProgram<PageOrder, WireOutcome> = {
  url: new URL(`./page-worker${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href,
  name: 'page',
  timeLimitOf: ({ site }) => site.settings.scriptTimeout * 1000,
  stopped: (order, limit) => failed(order, plainError(limit === 'time' ? 113 : 100, pathOf(order))),
  crashed: (order, reason) => failed(order, plainError(240, pathOf(order)), reason),
  refused: (order) => ({
    ...failed(order, plainError(148, pathOf(order))),
    rest: failedOutcome(
      plainError(148, pathOf(order)),
      { status: 503, reason: 'Service Unavailable', html: '<h1>Server Too Busy</h1>\n' },
      { kind: 'unused' },
    ).rest,
  }),
};

/** Threads of pages: two warm ones, more while pages wait for something, as many at most as processorThreadMax of IIS. */
export const DEFAULT_PAGE_POOL: Partial<PoolOptions> = {
  size: 25,
  warm: 2,
  parallel: availableParallelism(),
  queueLength: 3000,
  memoryMb: 256,
  // Almost all that a page makes is dead at its end.
  youngMb: 6,
  runsPerThread: 1_000_000,
};

export class PagePool {
  readonly #threads: ThreadPool<PageOrder, WireOutcome, PagePiece>;
  /** Site → the threads that know it, by the name of the site. */
  readonly #known = new Map<number, Map<string, PageSite>>();
  /** Session → the thread that has its objects. */
  readonly #homes = new Map<string, number>();

  constructor(options: Partial<PoolOptions> = {}) {
    this.#threads = new ThreadPool(PROGRAM, { ...DEFAULT_PAGE_POOL, ...options });
  }

  /** Threads alive now. */
  get threadCount(): number {
    return this.#threads.threadCount;
  }

  /** Requests that wait for a thread. */
  get queueLength(): number {
    return this.#threads.queueLength;
  }

  async run(order: PageOrder, options: PageRunOptions): Promise<PageOutcome> {
    const session = order.session && `${order.site.name}\n${order.session.id}`;
    const home = session === undefined ? undefined : this.#homes.get(session);
    const { outcome, thread } = await this.#threads.run({
      order,
      services: options.services,
      take: (piece) => options.onPiece?.(piece),
      wire: (number) => this.#wire(order, number),
      thread: home,
      signal: options.signal,
    });
    if (session !== undefined) this.#settleHome(session, order.kind, outcome.session, thread);
    return { ...outcome, trace: outcome.trace === undefined ? undefined : new PackedTrace(outcome.trace) };
  }

  /** Ends the threads; what still runs or waits is stopped. Resolves when all have exited. */
  close(): Promise<void> {
    return this.#threads.close();
  }

  #wire(order: PageOrder, thread: number) {
    const known = this.#known.get(thread) ?? new Map<string, PageSite>();
    this.#known.set(thread, known);
    const isKnown = known.get(order.site.name) === order.site;
    known.set(order.site.name, order.site);
    if (!isKnown) this.#forgetEnded();
    const { site, ...rest } = order;
    const wire: WireOrder = {
      ...rest,
      siteName: site.name,
      site: isKnown ? undefined : site,
      request: rest.request && { ...rest.request, body: ownBytes(rest.request.body) },
    };
    return { order: wire, transfer: [] };
  }

  #forgetEnded(): void {
    for (const thread of this.#known.keys()) if (!this.#threads.isAlive(thread)) this.#known.delete(thread);
  }

  #settleHome(
    session: string,
    kind: PageOrder['kind'],
    after: SessionAfter,
    thread: number | undefined,
  ): void {
    if (after.kind === 'kept' && after.isResident && thread !== undefined) this.#homes.set(session, thread);
    // An abandoned session has its end yet to come, in the thread that has its objects.
    else if (after.kind !== 'abandoned' || kind === 'session-end') this.#homes.delete(session);
  }
}

/** Bytes whose buffer holds nothing else: a copy between threads takes the whole buffer along. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

function pathOf(order: PageOrder): string {
  return order.request?.path ?? '/global.asa';
}

function failed(order: PageOrder, error: PageError, reason?: string): WireOutcome {
  const { settings } = order.site;
  const html = settings.scriptErrorSentToBrowser
    ? errorHtml(error)
    : hiddenErrorHtml(settings.scriptErrorMessage);
  return failedOutcome(
    error,
    { status: 500, reason: 'Internal Server Error', html, ...(reason !== undefined && { logText: reason }) },
    sessionLeft(order),
  );
}

/** The session of a request whose thread is gone: as it was before, without the objects that lived there. */
function sessionLeft({ session }: PageOrder): SessionAfter {
  if (session === undefined || session.isNew) return { kind: 'unused' };
  const { timeoutMinutes, locale, codePage } = session;
  return { kind: 'kept', contents: undefined, timeoutMinutes, locale, codePage, isResident: false };
}
