/**
 * One site: its settings as they stand now, its application and sessions, and running its pages.
 * Owns: the order of things around a page (turn of the session, services, what is kept), events at the end of sessions and
 *       of the application, noticing a changed web.config.
 * Leaves: HTTP (web/), threads and pages (PageRunner), the state itself (state/).
 * Fails: `open` throws RelayError that names file and cure; a web.config that turns bad later leaves the settings as they were.
 *
 * A page goes: room in the queue → turn of its session → runner → session kept or not → turn given on, lock given back.
 */
import { join } from 'node:path';
import { type Clock, type Logger, RelayError, toRelayError } from '../../base/index.ts';
import { ScriptServices, type ServicePolicy, type ThreadServices } from '../../script/index.ts';
import type {
  PageHead,
  PageOutcome,
  PagePiece,
  PageRequest,
  PageSession,
  PageSite,
  PageWarning,
  StoredContents,
  StoredValue,
} from '../contract.ts';
import { ApplicationStore } from '../state/application.ts';
import { keysInCookies, sessionCookie, sessionCookieName } from '../state/session-cookie.ts';
import { SessionStore, type SessionTurn } from '../state/sessions.ts';
import { Masking } from '../trace/masking.ts';
import { TraceStore } from '../trace/store.ts';
import { SiteFiles } from '../web/site-files.ts';
import { ApplicationLife } from './application-life.ts';
import type { PageRunner } from './page-runner.ts';
import {
  pageSite,
  type SiteSettings,
  servicePolicy,
  traceRules,
  type WebSettings,
  webSettings,
} from './settings.ts';
import { WatchedFile } from './watched-file.ts';
import { NO_WEB_CONFIG, readWebConfig, type WebConfig } from './web-config.ts';

export type SiteParts = {
  readonly runner: PageRunner;
  readonly clock: Clock;
  readonly log: Logger;
};

export type PageCall = {
  readonly request: PageRequest;
  /** The Cookie field. */
  readonly cookies: string | undefined;
  readonly onPiece: (piece: PagePiece) => void | Promise<void>;
  readonly signal: AbortSignal;
};

export type PageAnswer =
  | { readonly kind: 'done'; readonly outcome: PageOutcome }
  /** Too much waits, or there is no room for a session: try again later. */
  | { readonly kind: 'busy'; readonly reason: 'queue' | 'session-queue' | 'sessions' };

/** Session_OnEnd of how many sessions at once: visitors come first. */
const ENDS_AT_ONCE = 2;
/** Places that warned, as many as are remembered. */
const MOST_WARNED = 1000;
/** How long sessions and application may take to end at the stop. */
const END_DEADLINE_MS = 10_000;

export class Site {
  readonly settings: SiteSettings;
  readonly files: SiteFiles;
  readonly sessions: SessionStore;
  readonly application = new ApplicationStore();
  readonly #parts: SiteParts;
  readonly #policy: ServicePolicy;
  readonly #databases: NonNullable<ServicePolicy['databasePool']>;
  readonly #cookieName: string;
  readonly #configFile: WatchedFile;
  #web: WebSettings;
  #page: PageSite;
  #traces: TraceStore | undefined;
  #life: ApplicationLife | undefined;
  /** The global.asa whose events end the application, when it is no longer that of the disk. */
  #former: { readonly text: Buffer | undefined } | undefined;
  #pending = 0;
  readonly #ends: PageSession[] = [];
  #ending = 0;
  #onEnded: (() => void)[] = [];
  readonly #warned = new Set<string>();

  private constructor(
    settings: SiteSettings,
    parts: SiteParts,
    files: SiteFiles,
    configFile: WatchedFile,
    found: WebConfig,
  ) {
    this.settings = settings;
    this.#parts = parts;
    this.#databases = { clock: parts.clock, pool: undefined };
    this.#policy = { ...servicePolicy(settings), databasePool: this.#databases };
    this.files = files;
    this.#configFile = configFile;
    this.#web = webSettings(settings.config, found);
    this.#page = pageSite(settings, found, this.application.cell);
    this.#cookieName = sessionCookieName(settings.name);
    const { limits, sessions } = settings.config;
    this.sessions = new SessionStore({
      clock: parts.clock,
      limits: () => ({
        timeoutMinutes: this.#page.settings.sessionTimeoutMinutes,
        most: this.#page.settings.sessionMax,
        mostBytes: sessions.memory,
        mostWaiting: limits.queuePerSession,
      }),
      onEnd: (session) => this.#endSession(session),
    });
  }

  static async open(settings: SiteSettings, parts: SiteParts): Promise<Site> {
    const { name, config } = settings;
    const now = () => parts.clock.monotonicMs();
    let files: SiteFiles;
    try {
      files = await SiteFiles.open(config.folder, now);
    } catch (thrown) {
      throw toRelayError(thrown, `opening the folder of the site '${name}', ${config.folder}`);
    }
    const configFile = new WatchedFile(join(files.root, 'web.config'), parts.clock);
    const found = await configFile.read();
    const site = new Site(settings, parts, files, configFile, NO_WEB_CONFIG);
    if (found !== undefined) {
      const problem = await site.#useWebConfig(found);
      if (problem !== undefined) throw new RelayError('config-invalid', problem);
    }
    if (settings.traceFolder !== undefined)
      site.#traces = await TraceStore.open({
        folder: settings.traceFolder,
        files: config.trace.files,
        rules: traceRules(settings),
        clock: parts.clock,
        log: parts.log,
      });
    site.#life = await ApplicationLife.open({
      files,
      clock: parts.clock,
      restart: (ended) => site.#restart(ended),
    });
    configFile.watch((bytes) => site.#webConfigChanged(bytes));
    return site;
  }

  get name(): string {
    return this.settings.name;
  }

  get web(): WebSettings {
    return this.#web;
  }

  /** The site as its pages see it. */
  get page(): PageSite {
    return this.#page;
  }

  get log(): Logger {
    return this.#parts.log;
  }

  /** Runs one page. */
  async run(call: PageCall): Promise<PageAnswer> {
    if (this.#pending >= this.settings.config.limits.queue) return { kind: 'busy', reason: 'queue' };
    this.#pending += 1;
    try {
      // Sessions and application may be about to end, because global.asa has changed.
      const held = this.#life!.enter();
      if (held !== undefined) await held;
    } catch (thrown) {
      this.#pending -= 1;
      throw thrown;
    }
    try {
      if (!this.#page.settings.allowSessionState)
        return { kind: 'done', outcome: await this.#runPage(call, undefined) };
      const turn = await this.sessions.enter(keysInCookies(call.cookies, this.#cookieName));
      if (turn === 'busy') return { kind: 'busy', reason: 'session-queue' };
      if (turn === 'full') {
        this.#parts.log.event('warn', 'asp.sessions-full', {
          site: this.name,
          sessions: this.sessions.size,
          bytes: this.sessions.bytes,
        });
        return { kind: 'busy', reason: 'sessions' };
      }
      let outcome: PageOutcome | undefined;
      try {
        outcome = await this.#runPage(call, turn);
      } finally {
        turn.leave(outcome?.session);
      }
      return { kind: 'done', outcome };
    } finally {
      this.#pending -= 1;
      this.#life!.leave();
    }
  }

  /** Ends the sessions and the application. No page may be running. */
  async stop(): Promise<void> {
    this.#configFile.stop();
    await this.#life?.stop();
    await this.#endAll();
    await this.#databases.pool?.end();
    await this.#traces?.flush();
  }

  async #endAll(): Promise<void> {
    this.sessions.endAll();
    let timer: { cancel(): void } | undefined;
    const late = new Promise<void>((resolve) => {
      timer = this.#parts.clock.setTimer(END_DEADLINE_MS, resolve);
    });
    await Promise.race([this.#allEnded().then(() => this.#endApplication()), late]);
    timer?.cancel();
  }

  /** Another global.asa has taken the place of one with the text `ended`. No page runs. */
  async #restart(ended: Buffer | undefined): Promise<void> {
    const { size } = this.sessions;
    this.#former = { text: ended };
    await this.#endAll();
    this.#former = undefined;
    this.application.clear();
    // Threads take it for another site, and forget what they knew of this one.
    this.#page = { ...this.#page };
    this.#parts.log.event('info', 'asp.application-restarted', { site: this.name, sessions: size });
  }

  async #runPage(
    { request, onPiece, signal }: PageCall,
    turn: SessionTurn | undefined,
  ): Promise<PageOutcome> {
    const withCookie = (piece: PagePiece): PagePiece =>
      turn !== undefined && piece.head?.startsSession === true
        ? { ...piece, head: this.#withCookie(piece.head, turn.key, request.isSecure) }
        : piece;
    const isTraced = this.#traces?.wants(request.path) === true;
    const { clock } = this.#parts;
    const begun = { at: clock.now(), monotonicMs: clock.monotonicMs() };
    let status: number | undefined;
    const outcome = await this.#parts.runner.run(
      {
        site: this.#page,
        kind: 'page',
        request,
        session: turn?.session,
        trace: isTraced,
      },
      {
        onPiece: (piece) => {
          status ??= piece.head?.status;
          return onPiece(withCookie(piece));
        },
        services: this.#services(),
        signal,
      },
    );
    if (isTraced && outcome.trace !== undefined)
      this.#traces!.take(
        {
          site: this.name,
          at: begun.at,
          method: request.method,
          url: urlOf(request, new Masking(this.#page.settings.maskedNames)),
          path: request.path,
          client: request.client.address,
          user: request.variables['AUTH_USER'] ?? '',
          status: status ?? outcome.rest.head?.status ?? 0,
          subStatus: outcome.error === undefined ? 0 : 100,
          tookMs: clock.monotonicMs() - begun.monotonicMs,
          error: outcome.error,
        },
        outcome.trace,
      );
    if (outcome.warnings !== undefined) this.#warn(outcome.warnings);
    for (const lost of outcome.lostMail ?? [])
      this.#parts.log.event('error', 'asp.mail-lost', { site: this.name, ...lost });
    return { ...outcome, rest: withCookie(outcome.rest) };
  }

  /** web.config names a page for errors that is not there; told once for each. */
  errorPageMissing(status: number, path: string): void {
    const key = `${status} ${path}`;
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.#parts.log.event('warn', 'asp.error-page-missing', { site: this.name, status, path });
  }

  /** Each place is told once, and a second time only when very many others were told meanwhile. */
  #warn(warnings: readonly PageWarning[]): void {
    for (const { file, line, text } of warnings) {
      const key = `${line} ${file} ${text}`;
      if (this.#warned.has(key)) continue;
      if (this.#warned.size >= MOST_WARNED) this.#warned.clear();
      this.#warned.add(key);
      this.#parts.log.event('warn', 'asp.page-warning', { site: this.name, file, line, reason: text });
    }
  }

  #withCookie(head: PageHead, key: string, isSecure: boolean): PageHead {
    const cookie = sessionCookie(this.#cookieName, key, {
      secure: isSecure && this.#page.settings.keepSessionIdSecure,
    });
    return { ...head, headers: [...head.headers, ['Set-Cookie', cookie]] };
  }

  /** What threads ask for one order: the application's variables here, all else by the services of scripts. */
  #services(): ThreadServices {
    const owner = {};
    const services = new ScriptServices(this.#policy);
    return {
      perform: async (operation, request) => {
        const found = this.application.perform(owner, operation, request);
        if (found !== undefined) return found.answer;
        return services.perform(operation, request);
      },
      end: () => {
        this.application.release(owner);
        services.end();
      },
    };
  }

  #endSession(session: PageSession): void {
    this.#ends.push(session);
    void this.#runEnds();
  }

  async #runEnds(): Promise<void> {
    if (this.#ending >= ENDS_AT_ONCE) return;
    this.#ending += 1;
    try {
      // Without a global.asa there is nothing to run, however many end; but objects in threads are to be let go.
      const hasEvents = await this.#hasGlobalAsa();
      for (let session = this.#ends.shift(); session !== undefined; session = this.#ends.shift())
        if (hasEvents || holdsObjects(session.contents)) await this.#runEvent('session-end', session);
    } finally {
      this.#ending -= 1;
      if (this.#ending === 0 && this.#ends.length === 0) for (const ended of this.#onEnded.splice(0)) ended();
    }
  }

  #allEnded(): Promise<void> {
    if (this.#ending === 0 && this.#ends.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onEnded.push(resolve));
  }

  async #endApplication(): Promise<void> {
    if (this.application.isStarted && (await this.#hasGlobalAsa()))
      await this.#runEvent('application-end', undefined);
    this.application.clear();
  }

  async #runEvent(kind: 'session-end' | 'application-end', session: PageSession | undefined): Promise<void> {
    try {
      const { error, lostMail = [] } = await this.#parts.runner.run(
        {
          ...{ site: this.#page, kind, request: undefined, session, trace: false },
          ...(this.#former?.text !== undefined && { globalAsa: this.#former.text }),
        },
        { onPiece: () => {}, services: this.#services() },
      );
      for (const lost of lostMail)
        this.#parts.log.event('error', 'asp.mail-lost', { site: this.name, ...lost });
      if (error === undefined) return;
      this.#parts.log.event('warn', 'asp.event-failed', {
        site: this.name,
        event: kind === 'session-end' ? 'Session_OnEnd' : 'Application_OnEnd',
        file: error.file,
        line: error.line,
        reason: error.description || error.aspDescription,
      });
    } catch (thrown) {
      this.#parts.log.event('error', 'asp.defect', { site: this.name, reason: String(thrown) });
    }
  }

  async #hasGlobalAsa(): Promise<boolean> {
    if (this.#former !== undefined) return this.#former.text !== undefined;
    const { kind } = await this.files.find('/global.asa');
    return kind === 'file';
  }

  /** Puts a web.config to use; the answer is what is wrong with it. */
  async #useWebConfig(bytes: Buffer): Promise<string | undefined> {
    const read = await readWebConfig(bytes, this.settings.config.defaultDocuments);
    if (!read.ok) return `${this.#configFile.path}: ${read.reason}`;
    this.#web = webSettings(this.settings.config, read.value);
    this.#page = pageSite(this.settings, read.value, this.application.cell);
    return undefined;
  }

  async #webConfigChanged(bytes: Buffer | undefined): Promise<void> {
    let problem: string | undefined;
    if (bytes === undefined) {
      this.#web = webSettings(this.settings.config, NO_WEB_CONFIG);
      this.#page = pageSite(this.settings, NO_WEB_CONFIG, this.application.cell);
    } else problem = await this.#useWebConfig(bytes);
    if (problem === undefined) this.#parts.log.event('info', 'asp.web-config-read', { site: this.name });
    else
      this.#parts.log.event('error', 'asp.web-config-invalid', {
        site: this.name,
        reason: problem,
        advice: 'the settings stay as they were until the file is mended',
      });
  }
}

function holdsObjects(contents: StoredContents): boolean {
  return contents.some(([, value]) => holdsObject(value));
}

/** Some object of a session lives in a thread. */
function holdsObject(value: StoredValue): boolean {
  if (value.kind === 'resident') return true;
  if (value.kind === 'array') return value.elements.some(holdsObject);
  return value.kind === 'dictionary' && value.entries.some((entry) => entry.some(holdsObject));
}

function urlOf({ isSecure, server, path, query }: PageRequest, masking: Masking): string {
  const host = server.name.includes(':') ? `[${server.name}]` : server.name;
  return `${isSecure ? 'https' : 'http'}://${host}:${server.port}${path}${query === '' ? '' : `?${masking.query(query)}`}`;
}
