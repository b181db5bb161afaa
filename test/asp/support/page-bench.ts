/**
 * A site in a scratch folder with the real pool of page threads, for tests of the page side alone.
 * Owns: orders, sessions and the application's variables as a web side would keep them.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import {
  APPLICATION_OPERATION,
  type AspSettings,
  type PageError,
  type PageHead,
  type PageOrder,
  type PageOutcome,
  type PagePiece,
  type PageRequest,
  type PageSession,
  type PageSite,
  type PageTrace,
  type StoredContents,
  type StoredValue,
} from '../../../src/asp/contract.ts';
import { PagePool } from '../../../src/asp/threads/page-pool.ts';
import type { GroupDisk } from '../../../src/base/index.ts';
import {
  DEFAULT_LIMITS,
  NO_SERVICES,
  type PoolOptions,
  type ScriptLimitSettings,
  ScriptServices,
  type ServicePolicy,
  type ThreadServices,
} from '../../../src/script/index.ts';
import { TEST_MACHINE } from '../../script/support/object-scope.ts';

export const TEST_SETTINGS: AspSettings = {
  bufferingOn: true,
  bufferingLimit: 4_194_304,
  maxRequestEntityAllowed: 200_000,
  scriptTimeout: 90,
  codePage: 0,
  lcid: 0,
  enableParentPaths: false,
  scriptErrorSentToBrowser: true,
  scriptErrorMessage:
    'An error occurred on the server when processing the URL. Please contact the system administrator.',
  scriptLanguage: 'VBScript',
  allowSessionState: true,
  sessionTimeoutMinutes: 20,
  sessionMax: 1000,
  keepSessionIdSecure: true,
  errorPage: undefined,
  maskedNames: ['password', 'pin'],
};

export type Answer = {
  readonly head: PageHead;
  readonly bytes: Buffer;
  /** The bytes as UTF-8. */
  readonly body: string;
  readonly pieces: readonly PagePiece[];
  readonly error: PageError | undefined;
  readonly logText: string;
  readonly trace: PageTrace | undefined;
  readonly outcome: PageOutcome;
  /** The value of a header field, fields of one name joined by a line break. */
  readonly header: (name: string) => string | undefined;
};

export type AskOptions = {
  readonly method?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Uint8Array;
  readonly visitor?: Visitor;
  readonly trace?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
  readonly isSecure?: boolean;
  readonly signal?: AbortSignal;
  readonly onPiece?: (piece: PagePiece) => void | Promise<void>;
};

/** Somebody with a browser: keeps a session. */
export class Visitor {
  session: PageSession;

  constructor(id: string, timeoutMinutes = 20) {
    this.session = { id, isNew: true, contents: [], timeoutMinutes, locale: undefined, codePage: undefined };
  }
}

export class PageBench {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'mailroot-asp-')));
  readonly pool: PagePool;
  site: PageSite;
  readonly application: ApplicationVariables;
  services: Partial<ServicePolicy> = {};
  #visitors = 0;

  constructor(
    options: {
      readonly pool?: Partial<PoolOptions> & { readonly disk?: GroupDisk };
      readonly settings?: Partial<AspSettings>;
      readonly limits?: Partial<ScriptLimitSettings>;
    } = {},
  ) {
    for (const name of ['site', 'pickup', 'outside', 'data']) mkdirSync(join(this.folder, name));
    this.application = new ApplicationVariables();
    this.site = {
      name: 'test',
      folder: this.path('site'),
      windowsFolder: 'C:\\inetpub\\wwwroot',
      folders: [
        { windows: 'C:\\inetpub\\wwwroot', folder: this.path('site'), access: 'write' },
        { windows: 'C:\\data', folder: this.path('data'), access: 'write' },
        { windows: 'C:\\inetpub\\mailroot\\Pickup', folder: this.path('pickup'), access: 'create' },
      ],
      machine: TEST_MACHINE,
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      settings: { ...TEST_SETTINGS, ...options.settings },
      dataSources: [],
      applicationVersion: this.application.version,
    };
    this.pool = new PagePool({ size: 1, warm: 1, ...options.pool });
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** Puts a file into the site. */
  write(name: string, text: string | Uint8Array): void {
    const file = this.path('site', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Other settings from now on. */
  set(settings: Partial<AspSettings>): void {
    this.site = { ...this.site, settings: { ...this.site.settings, ...settings } };
  }

  visitor(): Visitor {
    this.#visitors += 1;
    return new Visitor(String(4_000_000_000 + this.#visitors));
  }

  request(target: string, options: AskOptions = {}): PageRequest {
    const [path, query = ''] = target.split(/\?(.*)/s);
    const body = typeof options.body === 'string' ? Buffer.from(options.body, 'utf8') : options.body;
    return {
      method: options.method ?? (body === undefined ? 'GET' : 'POST'),
      httpVersion: '1.1',
      path: path!,
      query,
      headers: [['Host', 'www.example.test'], ...(options.headers ?? [])],
      body: body ?? new Uint8Array(),
      client: { address: '192.0.2.7', port: 49152 },
      server: { name: 'www.example.test', address: '192.0.2.1', port: 80 },
      isSecure: options.isSecure ?? false,
      variables: options.variables ?? {},
    };
  }

  /** Runs one request. Posted forms are urlencoded unless the headers say otherwise. */
  async ask(target: string, options: AskOptions = {}): Promise<Answer> {
    const hasType = options.headers?.some(([name]) => name.toLowerCase() === 'content-type');
    const form = [['Content-Type', 'application/x-www-form-urlencoded']] as const;
    const headers =
      options.body !== undefined && !hasType ? [...(options.headers ?? []), ...form] : options.headers;
    const visitor = options.visitor ?? this.visitor();
    return this.send(
      {
        site: this.site,
        kind: 'page',
        request: this.request(target, { ...options, ...(headers !== undefined && { headers }) }),
        session: visitor.session,
        trace: options.trace ?? false,
      },
      visitor,
      options,
    );
  }

  /** Ends a visitor's session, as its time-out would. */
  endSession(visitor: Visitor): Promise<Answer> {
    const order: PageOrder = {
      site: this.site,
      kind: 'session-end',
      request: undefined,
      session: visitor.session,
      trace: false,
    };
    return this.send(order, visitor, {});
  }

  async send(order: PageOrder, visitor: Visitor | undefined, options: AskOptions): Promise<Answer> {
    const pieces: PagePiece[] = [];
    const services = this.application.services({ ...NO_SERVICES, ...this.services });
    const outcome = await this.pool.run(order, {
      services,
      onPiece: (piece) => {
        pieces.push(piece);
        return options.onPiece?.(piece);
      },
      ...(options.signal !== undefined && { signal: options.signal }),
    });
    if (visitor !== undefined) keep(visitor, outcome);
    const all = [...pieces, outcome.rest];
    const head = all.find((piece) => piece.head !== undefined)!.head!;
    const bytes = Buffer.concat(all.map((piece) => piece.bytes));
    return {
      head,
      bytes,
      body: bytes.toString('utf8'),
      pieces,
      error: outcome.error,
      logText: outcome.logText,
      trace: outcome.trace,
      outcome,
      header: (name) => {
        const values = head.headers.filter(([given]) => given.toLowerCase() === name.toLowerCase());
        return values.length === 0 ? undefined : values.map(([, value]) => value).join('\n');
      },
    };
  }

  /** All files in Pickup, those that are being written in a folder of their own among them. */
  pickupFiles(): string[] {
    return readdirSync(this.path('pickup'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(this.path('pickup'), join(parentPath, name)))
      .sort();
  }

  /** The messages in Pickup, oldest first. */
  mails(): string[] {
    return this.pickupFiles().map((name) => readFileSync(this.path('pickup', name), 'utf8'));
  }

  clearMails(): void {
    for (const name of this.pickupFiles()) rmSync(this.path('pickup', name));
  }

  async close(): Promise<void> {
    await this.pool.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function keep(visitor: Visitor, { session }: PageOutcome): void {
  if (session.kind === 'kept')
    visitor.session = {
      ...visitor.session,
      isNew: false,
      contents: session.contents ?? visitor.session.contents,
      timeoutMinutes: session.timeoutMinutes,
      locale: session.locale,
      codePage: session.codePage,
    };
  else if (session.kind === 'abandoned') visitor.session = { ...visitor.session, isNew: true, contents: [] };
}

/** The variables of one application, as the main side keeps them. */
export class ApplicationVariables {
  readonly version = new SharedArrayBuffer(4);
  readonly #newest = new Int32Array(this.version);
  readonly #entries = new Map<string, readonly [string, StoredValue]>();
  #started: Promise<void> | undefined;
  #startDone: () => void = () => {};
  #lock: Promise<void> = Promise.resolve();
  /** How often the variables were fetched. */
  reads = 0;

  contents(): StoredContents {
    return [...this.#entries.values()];
  }

  services(policy: ServicePolicy): ThreadServices {
    const others = new ScriptServices(policy);
    let unlock: (() => void) | undefined;
    return {
      perform: async (operation, request) => {
        switch (operation) {
          case APPLICATION_OPERATION.read:
            this.reads += 1;
            return { version: this.#newest[0], contents: this.contents() };
          case APPLICATION_OPERATION.write:
            return this.#write(request as { key?: string; value?: StoredValue });
          case APPLICATION_OPERATION.lock: {
            const before = this.#lock;
            const { promise, resolve } = Promise.withResolvers<void>();
            this.#lock = promise;
            await before;
            unlock = resolve;
            return undefined;
          }
          case APPLICATION_OPERATION.unlock:
            unlock?.();
            return undefined;
          case APPLICATION_OPERATION.begin:
            if (this.#started !== undefined) return this.#started.then(() => false);
            this.#started = new Promise((done) => {
              this.#startDone = done;
            });
            return true;
          case APPLICATION_OPERATION.started:
            this.#startDone();
            return undefined;
          default:
            return others.perform(operation, request);
        }
      },
      end: () => {
        unlock?.();
        others.end();
      },
    };
  }

  #write({ key, value }: { key?: string; value?: StoredValue }): number {
    if (key === undefined) this.#entries.clear();
    else if (value === undefined) this.#entries.delete(key.toLowerCase());
    else this.#entries.set(key.toLowerCase(), [this.#entries.get(key.toLowerCase())?.[0] ?? key, value]);
    return Atomics.add(this.#newest, 0, 1) + 1;
  }
}
