/**
 * One request, from its order to its outcome.
 * Owns: the intrinsic objects of the request, running pages and events, errors and what the browser sees of them.
 * Leaves: what happens before and after in other threads (threads, web), the intrinsics themselves, the language.
 * Fails: an error of a page is part of the outcome; a throw is a defect of ours and ends the thread.
 *
 * The order of things: Application_OnStart once → Session_OnStart for a new session → the page → an error page, if need be.
 */
import {
  type AutomationObject,
  isAutomationObject,
  type MemoryWatch,
  type SourcePosition,
  type WaitingRoom,
} from '../../automation/index.ts';
import {
  cdoConstants,
  constantsOf,
  fullCatalogue,
  GrantedFiles,
  isGuardedClass,
  type ObjectScope,
  type ProgIdRegistry,
  type Resting,
  restingFlusher,
} from '../../objects/index.ts';
import { TIMEOUT_OPERATION } from '../../script/index.ts';
import { ScriptAbort, ScriptError, ScriptExit, type ScriptSession } from '../../vbscript/index.ts';
import {
  APPLICATION_OPERATION,
  type PageError,
  type PageOrder,
  type PageOutcome,
  type PagePiece,
  type PageRequest,
  type SessionAfter,
} from '../contract.ts';
import { AspProblem, TemplateProblem } from '../errors.ts';
import { type ApplicationHost, applicationFace } from '../intrinsics/application.ts';
import { NO_ERROR } from '../intrinsics/asp-error.ts';
import { PageEnd, PageFailed } from '../intrinsics/exits.ts';
import { windowsPathOf } from '../intrinsics/map-path.ts';
import { ObjectContext, objectContextFace } from '../intrinsics/object-context.ts';
import { PageRequestObject, requestFace } from '../intrinsics/request.ts';
import { PageResponse, responseFace } from '../intrinsics/response.ts';
import { PageServer, serverFace } from '../intrinsics/server.ts';
import { noSession, PageSessionObject, sessionFace } from '../intrinsics/session.ts';
import type { VariableStore } from '../intrinsics/variables.ts';
import { BLOCK_NAME, type PageLanguage, WRITE_NAME } from '../template/languages.ts';
import type { PageObject } from '../template/objects.ts';
import { HTML_BLOCK, TraceRecorder } from '../trace/recorder.ts';
import { ENGINES } from './engines.ts';
import { errorHtml, hiddenErrorHtml, pageErrorOf, plainError } from './error-page.ts';
import { MailWarnings } from './mail-warnings.ts';
import type { CompiledPage } from './page-cache.ts';
import { PageLimits } from './page-limits.ts';
import { type MailKeeping, MailLost, type PageOutbox } from './page-outbox.ts';
import { SessionContents, STATIC_PREFIX } from './session-contents.ts';
import type { SiteContext } from './site-context.ts';

/** The ways out of the thread. */
export type PagePorts = {
  readonly waiting: WaitingRoom;
  /** Mail that was sent; `waiting` passes it first, all else that is seen outside does so here. */
  readonly outbox: PageOutbox;
  /** For what blocks the thread and computes nothing. */
  readonly rest: Resting;
  readonly send: (piece: PagePiece) => void;
  readonly isConnected: () => boolean;
  /** Asked before anything large is made: is there no room for so many bytes more? */
  readonly isMemoryFull?: MemoryWatch;
};

/** Deepest nesting of Server.Execute. */
const DEEPEST_EXECUTE = 32;

type PageEvent = 'Application_OnStart' | 'Application_OnEnd' | 'Session_OnStart' | 'Session_OnEnd';

export function runPage(
  context: SiteContext,
  order: PageOrder,
  ports: PagePorts,
  mailKeeping: MailKeeping,
): PageOutcome {
  const run = new PageRun(context, order, ports);
  ports.outbox.begin(mailKeeping, () => run.position);
  try {
    return run.outcome();
  } finally {
    run.end();
  }
}

class PageRun {
  readonly #context: SiteContext;
  readonly #order: PageOrder;
  readonly #ports: PagePorts;
  readonly #path: string;
  readonly #response: PageResponse;
  readonly #contents: SessionContents | undefined;
  readonly #session: PageSessionObject | undefined;
  readonly #faces: Readonly<Record<'Request' | 'Response' | 'Server' | 'Application', AutomationObject>>;
  readonly #intrinsics: ReadonlySet<AutomationObject>;
  readonly #sessionFace: AutomationObject;
  /** Pages that run now, the innermost last. */
  readonly #running: { readonly page: CompiledPage; readonly session: ScriptSession }[] = [];
  /** Script sessions to be ended with the request. */
  readonly #sessions: ScriptSession[] = [];
  readonly #created = new Set<AutomationObject>();
  /** Objects that tags declare, which may not be stored. */
  readonly #declared = new Set<AutomationObject>();
  #registry: ProgIdRegistry<ObjectScope> | undefined;
  #scope: ObjectScope | undefined;
  #files: GrantedFiles | undefined;
  /** Present when the request is traced. */
  readonly #recorder: TraceRecorder | undefined;
  /** Present once the page has made an object. */
  #warnings: MailWarnings | undefined;
  readonly #request: PageRequestObject;
  #isLocked = false;
  #timeoutSeconds: number;
  #locale: number | undefined;
  #sessionCodePage: number | undefined;
  #sessionLocale: number | undefined;
  #lastError: PageError = NO_ERROR;
  #error: PageError | undefined;
  #hasSession = true;

  constructor(context: SiteContext, order: PageOrder, ports: PagePorts) {
    this.#context = context;
    this.#order = order;
    this.#ports = ports;
    const { site } = context;
    const { settings } = site;
    this.#path = order.request?.path ?? '/global.asa';
    this.#timeoutSeconds = settings.scriptTimeout;
    if (order.trace)
      this.#recorder = new TraceRecorder({
        maskedNames: settings.maskedNames,
        textOf: (file) => context.textOf(file),
        position: () => this.position,
      });
    this.#sessionCodePage = order.session?.codePage;
    this.#sessionLocale = order.session?.locale;
    this.#response = new PageResponse({
      isBuffered: settings.bufferingOn,
      bufferingLimit: settings.bufferingLimit,
      codePage: () => this.#codePage,
      locale: { get: () => this.#current.locale, set: (lcid) => this.#setLocale(lcid) },
      toText: (value) => this.#current.toText(value),
      countOutput: (length) => this.#running.at(-1)?.session.countOutput(length),
      beforeSend: () => ports.outbox.settle(),
      send: ports.send,
      isConnected: ports.isConnected,
      startsSession: () => this.#startsSession,
      now: () => new Date(),
    });
    if (order.session !== undefined) {
      const restoring = {
        residents: context.residents.of(order.session.id),
        createDictionary: () => this.#create('Scripting.Dictionary')!,
      };
      this.#contents = new SessionContents(order.session.contents, restoring, (object) =>
        this.#refusal(object),
      );
      this.#session = new PageSessionObject({
        id: order.session.id,
        contents: this.#contents,
        statics: this.#statics('session'),
        timeoutMinutes: order.session.timeoutMinutes,
        codePage: {
          get: () => this.#codePage,
          set: (codePage) => {
            this.#sessionCodePage = codePage;
            this.#setCodePage = codePage;
          },
        },
        locale: { get: () => this.#current.locale, set: (lcid) => this.#setSessionLocale(lcid) },
      });
    }
    this.#sessionFace = this.#session === undefined ? noSession() : sessionFace(this.#session);
    const request = new PageRequestObject({
      request: order.request ?? NO_REQUEST,
      site,
      codePage: () => this.#response.codePage,
      physicalPath: (path) => windowsPathOf(path, site.windowsFolder),
    });
    const server = new PageServer({
      codePage: () => this.#response.codePage,
      place: () => ({
        windowsFolder: site.windowsFolder,
        parentPaths: settings.enableParentPaths,
        page: this.#running.at(-1)?.page.path ?? this.#path,
      }),
      createObject: (progId) => this.#create(progId),
      runPage: (path) => this.#runAnother(path),
      lastError: () => this.#lastError,
      timeout: { get: () => this.#timeoutSeconds, set: (seconds) => this.#setTimeout(seconds) },
      isEnding: order.kind !== 'page',
    });
    this.#faces = {
      Request: requestFace(request),
      Response: responseFace(this.#response),
      Server: serverFace(server),
      Application: applicationFace(this.#application()),
    };
    this.#request = request;
    this.#intrinsics = new Set([...Object.values(this.#faces), this.#sessionFace]);
  }

  /** Runs the order. */
  outcome(): PageOutcome {
    switch (this.#order.kind) {
      case 'page':
        this.#guarded(() => this.#page());
        break;
      case 'session-end':
        this.#guarded(() => this.#event('Session_OnEnd'));
        break;
      case 'application-end':
        this.#guarded(() => this.#event('Application_OnEnd'));
    }
    this.#endScripts();
    return {
      rest: this.#response.finish(),
      session: this.#sessionAfter(),
      error: this.#error,
      logText: this.#response.logText,
      trace: this.#recorder?.result(),
      ...(this.#warnings !== undefined &&
        this.#warnings.list.length > 0 && { warnings: this.#warnings.list }),
    };
  }

  /** Gives back what the request held; after the outcome was made. */
  end(): void {
    if (this.#isLocked) this.#unlock();
    for (const object of this.#created)
      if (object.release !== undefined && !this.#context.residents.holds(object)) object.release();
    this.#files?.closeAll();
  }

  // ---- pages and events ----

  #page(): void {
    if (/^\/+global\.asa[. ]*$/i.test(this.#path)) {
      this.#fail(plainError(220, this.#path));
      return;
    }
    const page = this.#compiled(this.#path);
    if (page === undefined) {
      this.#response.status = '404 Not Found';
      this.#response.writeText('<h1>404 Not Found</h1>\n');
      return;
    }
    this.#hasSession =
      this.#order.session !== undefined &&
      (page.directives.session ?? this.#context.site.settings.allowSessionState);
    this.#mainCodePage = page.codePage;
    this.#recorder?.expect(this.#request.fields());
    this.#startApplication();
    if (this.#hasSession && this.#order.session!.isNew && this.#handles('Session_OnStart')) {
      this.#session!.isUsed = true;
      this.#event('Session_OnStart');
    }
    this.#runUnits(page);
  }

  /** The page at a path; compiling it counts against the page's time and memory. */
  #compiled(path: string): CompiledPage | undefined {
    return this.#context.pages.get(path, 'page', this.#order.trace, () => {
      if (performance.now() - this.#startedAt > this.#timeoutSeconds * 1000)
        throw new ScriptAbort('timeout', 'Script timed out.');
      if (this.#ports.isMemoryFull?.(0) === true) throw new ScriptError('runtime', 7, 'Out of memory', '');
    });
  }

  #startApplication(): void {
    if (this.#context.isStarted) return;
    if (this.#handles('Application_OnStart')) {
      const isOurs = this.#ports.waiting.waitFor(APPLICATION_OPERATION.begin, undefined);
      if (isOurs === true)
        try {
          this.#event('Application_OnStart');
        } finally {
          this.#ports.waiting.waitFor(APPLICATION_OPERATION.started, undefined);
        }
    }
    this.#context.isStarted = true;
  }

  /** global.asa as it is during this request. */
  get #global(): CompiledPage | undefined {
    const { globalAsa } = this.#order;
    this.#globalFound ??= {
      page:
        globalAsa === undefined
          ? this.#context.globalAsa(this.#order.trace)
          : this.#context.formerGlobalAsa(globalAsa),
    };
    return this.#globalFound.page;
  }

  #globalFound: { readonly page: CompiledPage | undefined } | undefined;

  #handles(event: PageEvent): boolean {
    const lower = event.toLowerCase();
    const global = this.#global;
    return (
      global?.units.some(({ script }) => script.procedures.some((name) => name.toLowerCase() === lower)) ??
      false
    );
  }

  /** Runs a procedure of global.asa, in a scope of its own. */
  #event(event: PageEvent): void {
    if (!this.#handles(event)) return;
    const global = this.#global!;
    for (const [language, session] of this.#scriptSessions(global)) {
      this.#running.push({ page: global, session });
      try {
        for (const unit of global.units) if (unit.language === language) session.run(unit.script);
        if (session.hasProcedure(event)) session.call(event);
      } finally {
        this.#running.pop();
      }
    }
  }

  /** Runs the blocks of a page, each language in a scope of its own whose procedures the others see. */
  #runUnits(page: CompiledPage): void {
    const sessions = this.#scriptSessions(page);
    for (const { language, script } of page.units) {
      const session = sessions.get(language)!;
      this.#running.push({ page, session });
      try {
        session.run(script);
        this.#shareProcedures(script.procedures, language, sessions);
      } finally {
        this.#running.pop();
      }
    }
    if (page.directives.isTransacted) this.#endTransaction(page, sessions);
  }

  readonly #contexts = new Map<CompiledPage, ObjectContext>();

  #endTransaction(page: CompiledPage, sessions: ReadonlyMap<PageLanguage, ScriptSession>): void {
    const event = this.#contexts.get(page)?.isAborted ? 'OnTransactionAbort' : 'OnTransactionCommit';
    for (const session of sessions.values()) {
      if (!session.hasProcedure(event)) continue;
      this.#running.push({ page, session });
      try {
        session.call(event);
      } finally {
        this.#running.pop();
      }
    }
  }

  #shareProcedures(
    names: readonly string[],
    from: PageLanguage,
    sessions: ReadonlyMap<PageLanguage, ScriptSession>,
  ): void {
    if (sessions.size < 2) return;
    for (const name of names) {
      const procedure = sessions.get(from)!.procedure(name);
      for (const [language, session] of sessions)
        if (language !== from && procedure !== undefined) session.addObject(name, procedure);
    }
  }

  /** Server.Execute and Server.Transfer. False: there is no such page. */
  #runAnother(path: string): boolean {
    if (this.#running.length >= DEEPEST_EXECUTE || /^\/+global\.asa[. ]*$/i.test(path)) return false;
    try {
      const page = this.#compiled(path);
      if (page === undefined) return false;
      this.#runUnits(page);
      return true;
    } catch (thrown) {
      if (thrown instanceof PageEnd || thrown instanceof ScriptAbort) throw thrown;
      throw new PageFailed(thrown);
    }
  }

  // ---- script sessions ----

  get #current(): ScriptSession {
    return this.#running.at(-1)!.session;
  }

  /** Where the page stands now. */
  get position(): SourcePosition {
    return this.#running.at(-1)?.session.position ?? { file: this.#path, line: 0, column: 0 };
  }

  #scriptSessions(page: CompiledPage): Map<PageLanguage, ScriptSession> {
    const sessions = new Map<PageLanguage, ScriptSession>();
    for (const { language } of page.units)
      if (!sessions.has(language)) sessions.set(language, this.#scriptSession(language, page));
    return sessions;
  }

  #scriptSession(language: PageLanguage, page: CompiledPage): ScriptSession {
    const startedAt = performance.now();
    const timeLeft = () => this.#timeoutSeconds * 1000 - (startedAt - this.#startedAt);
    const session = ENGINES[language]!.createSession({
      host: {
        createObject: (progId) => this.#create(progId),
        getObject: (path, progId) => (path === '' && progId !== undefined ? this.#create(progId) : undefined),
        keepsObjects: true,
      },
      limits: new PageLimits(this.#context.site.limits, timeLeft, this.#ports.isMemoryFull),
      locale: this.#locale ?? this.#sessionLocale ?? page.directives.locale ?? this.#context.locale,
      ...(this.#recorder && { trace: this.#recorder.listener }),
    });
    this.#sessions.push(session);
    this.#addNames(session, language, page);
    return session;
  }

  readonly #startedAt = performance.now();

  #addNames(session: ScriptSession, language: PageLanguage, page: CompiledPage): void {
    const isEnding = this.#order.kind !== 'page';
    for (const [name, face] of Object.entries(this.#faces))
      if (!isEnding || name === 'Server' || name === 'Application') session.addObject(name, face);
    if (this.#order.kind !== 'application-end')
      session.addObject('Session', this.#hasSession ? this.#sessionFace : noSession());
    const context = new ObjectContext(page.directives.isTransacted);
    this.#contexts.set(page, context);
    session.addObject('ObjectContext', objectContextFace(context));
    session.addObject(
      BLOCK_NAME[language],
      this.#writer((number) => page.html[number as number]!, HTML_BLOCK),
    );
    session.addObject(
      WRITE_NAME[language],
      this.#writer((value) => value),
    );
    this.#addGlobals(session, page);
    for (const object of page.objects) session.addObject(object.id, this.#declare(object));
    for (const library of page.libraries) session.addConstants(constantsOf(library, cdoConstants));
  }

  /** What writes HTML blocks and `<%= %>`. */
  #writer(textOf: (argument: unknown) => unknown, automationName = 'IResponse'): AutomationObject {
    const response = this.#response;
    return {
      automationName,
      invoke: (_kind, _member, args) => {
        response.write(textOf(args[0]) as string);
        return undefined;
      },
    };
  }

  /** Objects and constants of global.asa, as far as the page names them. */
  #addGlobals(session: ScriptSession, page: CompiledPage): void {
    const global = this.#global;
    if (global === undefined) return;
    for (const library of global.libraries) session.addConstants(constantsOf(library, cdoConstants));
    for (const { id, scope } of global.objects)
      if (page.mentions(id) && (scope === 'application' || this.#hasSession)) {
        const object = this.#statics(scope as 'session' | 'application').get(id);
        if (object !== undefined) session.addObject(id, object);
      }
  }

  #setLocale(lcid: number): void {
    this.#locale = lcid;
    for (const { session } of this.#running) session.locale = lcid;
  }

  #setSessionLocale(lcid: number): void {
    this.#sessionLocale = lcid;
    this.#setLocale(lcid);
  }

  /** What the page set by Session.CodePage, its @CODEPAGE, the session's, the site's. Response.CodePage goes before all. */
  get #codePage(): number {
    return this.#setCodePage ?? this.#mainCodePage ?? this.#sessionCodePage ?? this.#context.codePage;
  }

  #setCodePage: number | undefined;
  #mainCodePage: number | undefined;

  /** deviates: the time a page may take is never shorter than the site's setting, as documented, and counts from its start. */
  #setTimeout(seconds: number): void {
    const { scriptTimeout } = this.#context.site.settings;
    this.#timeoutSeconds = Math.max(seconds, scriptTimeout);
    const elapsed = (performance.now() - this.#startedAt) / 1000;
    this.#ports.waiting.waitFor(TIMEOUT_OPERATION, Math.max(0, this.#timeoutSeconds - elapsed) + 1);
  }

  // ---- objects ----

  #create(progId: string): AutomationObject | undefined {
    if (!this.#objects().has(progId)) return undefined;
    const object = this.#scope!.createObject(progId);
    if (object.release !== undefined) this.#created.add(object);
    return object;
  }

  #objects(): ProgIdRegistry<ObjectScope> {
    if (this.#registry === undefined) {
      const { machine, folders, site } = this.#context;
      const { outbox } = this.#ports;
      const settle = () => outbox.settle();
      const files = new GrantedFiles(folders, site.windowsFolder, settle);
      const registry = fullCatalogue(machine, files, this.#ports.waiting, {
        log: (this.#warnings = new MailWarnings(() => this.position, this.#recorder?.mailLog)),
        outbox,
        // Other pages go on while this one waits for the disk.
        flusher: restingFlusher(this.#ports.rest),
        base: this.#context.catalogue,
      });
      this.#files = files;
      this.#scope = {
        machine,
        files,
        waiting: this.#ports.waiting,
        dataSources: site.dataSources,
        createObject: (progId) => {
          if (!isGuardedClass(progId)) outbox.close();
          return registry.create(progId, this.#scope!);
        },
        beforeEffect: settle,
        notice: () => {},
      };
      this.#registry = registry;
    }
    return this.#registry;
  }

  /** The object of a tag. */
  #declare({ progId, file, line }: PageObject): AutomationObject {
    const created = this.#create(progId);
    if (created === undefined) throw new TemplateProblem(134, { file, line }, progId);
    this.#declared.add(created);
    return created;
  }

  /** The objects that global.asa declares with this scope. */
  #statics(scope: 'session' | 'application') {
    const objects = () => (this.#global?.objects ?? []).filter((object) => object.scope === scope);
    return {
      names: () => objects().map(({ id }) => id),
      get: (name: string): AutomationObject | undefined => {
        const object = objects().find(({ id }) => id.toLowerCase() === name.toLowerCase());
        if (object === undefined) return undefined;
        return scope === 'application' ? this.#applicationObject(object) : this.#sessionObject(object);
      },
    };
  }

  #applicationObject(object: PageObject): AutomationObject {
    const { applicationObjects } = this.#context;
    const key = `${object.id.toLowerCase()} ${object.progId}`;
    let found = applicationObjects.get(key);
    if (found === undefined) {
      found = this.#declare(object);
      this.#created.delete(found);
      applicationObjects.set(key, found);
    }
    this.#declared.add(found);
    return found;
  }

  #sessionObject(object: PageObject): AutomationObject | undefined {
    const name = STATIC_PREFIX + object.id;
    const known = this.#contents?.get(name);
    if (typeof known === 'object' && known !== null && 'invoke' in known) {
      this.#declared.add(known);
      return known;
    }
    const created = this.#declare(object);
    this.#declared.delete(created);
    this.#contents?.set(name, created);
    this.#session!.isUsed = true;
    this.#declared.add(created);
    return created;
  }

  #refusal(object: AutomationObject): AspProblem | undefined {
    if (this.#intrinsics.has(object)) return new AspProblem('Session object', 168);
    return this.#declared.has(object) ? new AspProblem('Session object', 188) : undefined;
  }

  #application(): ApplicationHost {
    return {
      contents: this.#applicationContents(),
      statics: this.#statics('application'),
      lock: () => {
        if (this.#isLocked) return;
        this.#ports.waiting.waitFor(APPLICATION_OPERATION.lock, undefined);
        this.#isLocked = true;
      },
      unlock: () => {
        if (this.#isLocked) this.#unlock();
      },
    };
  }

  /** The application's variables, which refuse what belongs to one request by errors of its own. */
  #applicationContents(): VariableStore {
    const { application } = this.#context;
    return {
      names: () => application.names(),
      get: (name) => application.get(name),
      set: (name, value) => {
        if (isAutomationObject(value)) {
          if (this.#intrinsics.has(value)) throw new AspProblem('Application object', 180);
          if (this.#declared.has(value)) throw new AspProblem('Application object', 189);
        }
        application.set(name, value);
      },
      remove: (name) => application.remove(name),
      removeAll: () => application.removeAll(),
    };
  }

  #unlock(): void {
    this.#isLocked = false;
    this.#ports.waiting.waitFor(APPLICATION_OPERATION.unlock, undefined);
  }

  // ---- ends and errors ----

  /** Runs to the end, a deliberate one or an error. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      if (thrown instanceof MailLost) {
        // What the page wrote so far says that all is well.
        if (!this.#response.isHeadSent) this.#response.reset();
        this.#fail(thrown.error);
      } else if (thrown instanceof PageFailed) this.#fail(pageErrorOf(thrown.reason, this.#path));
      else if (!(thrown instanceof ScriptExit)) this.#fail(this.#errorOf(thrown));
    }
  }

  #errorOf(thrown: unknown): PageError {
    if (
      thrown instanceof ScriptError ||
      thrown instanceof ScriptAbort ||
      thrown instanceof AspProblem ||
      thrown instanceof TemplateProblem
    )
      return pageErrorOf(thrown, this.#path);
    throw thrown;
  }

  /** Class_Terminate of what is left runs at the end; nobody hears of its errors. */
  #endScripts(): void {
    for (const session of this.#sessions.splice(0))
      try {
        session.end();
      } catch (thrown) {
        if (!(thrown instanceof ScriptError || thrown instanceof ScriptAbort || thrown instanceof ScriptExit))
          throw thrown;
      }
  }

  /** Tells an error: by the site's own page, or as a text behind what the page wrote so far. */
  #fail(error: PageError): void {
    this.#error ??= error;
    const { settings } = this.#context.site;
    const isFirst = this.#lastError === NO_ERROR;
    this.#lastError = error;
    if (!this.#response.isHeadSent) {
      this.#response.status = '500 Internal Server Error';
      if (isFirst && settings.errorPage !== undefined && this.#order.kind === 'page') {
        const path = settings.errorPage;
        let isShown = false;
        this.#guarded(() => {
          isShown = this.#runAnother(path);
        });
        if (isShown || this.#lastError !== error) return;
      }
    }
    this.#response.writeError(
      settings.scriptErrorSentToBrowser ? errorHtml(error) : hiddenErrorHtml(settings.scriptErrorMessage),
    );
  }

  /** The request uses its session for the first time, or may yet do so when the head has to leave now. */
  get #startsSession(): boolean {
    const { session } = this.#order;
    if (session === undefined || !session.isNew || !this.#hasSession) return false;
    if (this.#isSessionUsed) return true;
    this.#wasAnnounced = this.#running.some(({ page }) => page.mentionsSession);
    return this.#wasAnnounced;
  }

  get #isSessionUsed(): boolean {
    return this.#session?.isUsed === true || this.#contents?.isChanged === true;
  }

  #sessionAfter(): SessionAfter {
    const { session } = this.#order;
    if (session === undefined || this.#session === undefined) return { kind: 'unused' };
    const { residents } = this.#context;
    const { contents, isResident } = this.#contents!.after(residents.of(session.id));
    if (this.#order.kind === 'session-end') {
      residents.sweep(session.id, undefined);
      return { kind: 'abandoned', contents: [] };
    }
    if (this.#session.isAbandoned) return { kind: 'abandoned', contents: contents ?? session.contents };
    if (contents !== undefined) residents.sweep(session.id, contents);
    if (session.isNew && !this.#isSessionUsed && !this.#wasAnnounced) return { kind: 'unused' };
    return {
      kind: 'kept',
      contents,
      timeoutMinutes: this.#session.timeoutMinutes,
      locale: this.#sessionLocale,
      codePage: this.#sessionCodePage,
      isResident,
    };
  }

  #wasAnnounced = false;
}

const NO_REQUEST: PageRequest = {
  method: '',
  httpVersion: '1.1',
  path: '/global.asa',
  query: '',
  headers: [],
  body: new Uint8Array(),
  client: { address: '', port: 0 },
  server: { name: '', address: '', port: 0 },
  isSecure: false,
  variables: {},
};
