/**
 * The pool of page threads: the entrance from the web side to the pages.
 * Owns: sending a site's description once to each thread, keeping sessions with objects on their thread, holding an answer back until
 * the mail of its page is durable, what the end of a thread means to the browser.
 * Leaves: threads, limits, the queue (script/thread-pool), requests (page-run), sockets (web).
 * Fails: `run` never rejects for what a page does; it resolves to an outcome. After `close` it rejects.
 */
import { availableParallelism } from 'node:os';
import { GroupCommit, type GroupDisk } from '../../base/index.ts';
import { type PoolOptions, ThreadPool, type ThreadProgram, type ThreadServices } from '../../script/index.ts';
import {
  MAIL_OPERATION,
  type PageError,
  type PageOrder,
  type PageOutcome,
  type PagePiece,
  type PageSite,
  type SessionAfter,
} from '../contract.ts';
import { errorHtml, failedOutcome, hiddenErrorHtml, plainError } from '../page/error-page.ts';
import { PackedTrace } from '../trace/packed-trace.ts';
import { type MailResult, PageMail } from './page-mail.ts';
import type { WireOrder, WireOutcome, WirePiece } from './page-wire.ts';

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
  readonly #threads: ThreadPool<PageOrder, WireOutcome, WirePiece>;
  readonly #mail: GroupCommit;
  /** The disk has failed a mail lately: pages hear of failures where they happen, until it keeps one again. */
  #isDiskDoubtful = false;
  /** Site → the threads that know it, by the name of the site. */
  readonly #known = new Map<number, Map<string, PageSite>>();
  /** Session → the thread that has its objects. */
  readonly #homes = new Map<string, number>();

  /** `disk`: where mail that pages have written is made durable. */
  constructor(options: Partial<PoolOptions> & { readonly disk?: GroupDisk } = {}) {
    const { disk, ...pool } = options;
    this.#mail = new GroupCommit(disk);
    this.#threads = new ThreadPool(PROGRAM, { ...DEFAULT_PAGE_POOL, ...pool });
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
    const mail = new PageMail(this.#mail);
    const { outcome: told, thread } = await this.#threads.run({
      order,
      services: this.#services(options.services, mail),
      take(piece) {
        if (!('sent' in piece)) return options.onPiece?.(piece);
        mail.take(piece.sent);
      },
      wire: (number) => this.#wire(order, number),
      thread: home,
      signal: options.signal,
    });
    // The thread goes on with the next page; the answer leaves when the mail of this one is durable.
    const result = mail.isEmpty ? undefined : await mail.settle();
    if (result !== undefined) this.#isDiskDoubtful = true;
    else if (told.hasKeptMail === true) this.#isDiskDoubtful = false;
    const { hasKeptMail: _, trace, ...outcome } = told;
    if (session !== undefined) this.#settleHome(session, order.kind, outcome.session, thread);
    const packed = trace === undefined ? undefined : new PackedTrace(trace, result && [result.error]);
    return { ...(result === undefined ? outcome : withLoss(order, outcome, result)), trace: packed };
  }

  /** Ends the threads; what still runs or waits is stopped. Resolves when all have exited. */
  async close(): Promise<void> {
    await this.#threads.close();
    await this.#mail.idle();
  }

  #services(services: ThreadServices, mail: PageMail): ThreadServices {
    return {
      perform: async (operation, request) => {
        if (operation !== MAIL_OPERATION) return services.perform(operation, request);
        return (await mail.settle())?.error;
      },
      end: () => services.end(),
    };
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
      mailKeeping: this.#isDiskDoubtful ? 'before-return' : 'before-answer',
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

/** The answer of a page that took its mail for sent: it tells the loss, at the line of the Send. */
function withLoss(
  order: PageOrder,
  outcome: Omit<PageOutcome, 'trace'>,
  { error, lost }: MailResult,
): Omit<PageOutcome, 'trace'> {
  const { error: told } = outcome;
  const isTold = told?.file === error.file && told.line === error.line && told.number === error.number;
  if (isTold) return { ...outcome, lostMail: lost };
  const { rest } = failed(order, error);
  return {
    ...outcome,
    rest: { head: outcome.rest.head && rest.head, bytes: rest.bytes },
    error,
    lostMail: lost,
  };
}

function errorText({ site: { settings } }: PageOrder, error: PageError): string {
  return settings.scriptErrorSentToBrowser ? errorHtml(error) : hiddenErrorHtml(settings.scriptErrorMessage);
}

function failed(order: PageOrder, error: PageError, reason?: string): WireOutcome {
  const html = errorText(order, error);
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
