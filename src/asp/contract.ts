/**
 * The line between the two halves of the room: the web side (main thread) and the page side (a thread of the pool).
 * Owns: what crosses from thread to thread, as plain data.  Leaves: sockets and files (web/), pages and intrinsics (page/),
 * what a session or application remembers (state/).
 *
 * One request is one PageOrder; it ends with one PageOutcome. Between the two the page thread may post PagePieces (only
 * when the page flushes or is not buffered) and may wait for answers (the waiting room of src/automation).
 */
import type { DataSource, ScriptMachine } from '../objects/index.ts';
import type { ScriptFolder, ScriptLimitSettings } from '../script/index.ts';

export type { DataSource };

/** What a page may know of the request. Bodies are read in full before the page starts; the limit is the site's. */
export type PageRequest = {
  /** As the client wrote it: `GET`. */
  readonly method: string;
  /** `1.1`. */
  readonly httpVersion: string;
  /** Decoded virtual path of the page, `/shop/order.asp`; PATH_INFO, SCRIPT_NAME and URL. */
  readonly path: string;
  /** Raw, without the question mark. */
  readonly query: string;
  /** In order of arrival, names as sent. Values are Latin-1 decoded, as the wire had them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Empty when there is none. */
  readonly body: Uint8Array;
  readonly client: { readonly address: string; readonly port: number };
  readonly server: { readonly name: string; readonly address: string; readonly port: number };
  readonly isSecure: boolean;
  /** Variables beyond those that follow from the rest: AUTH_USER, CERT_SUBJECT. */
  readonly variables: Readonly<Record<string, string>>;
};

/** A value that outlives its request. Objects are kept by value where they can be (Dictionary), else by their thread. */
export type StoredValue =
  | { readonly kind: 'plain'; readonly value: undefined | null | boolean | number | string | Uint8Array }
  /** A number with its subtype (automation's Scalar). */
  | { readonly kind: 'scalar'; readonly type: number; readonly value: number }
  | {
      readonly kind: 'array';
      readonly upperBounds: readonly number[];
      readonly elements: readonly StoredValue[];
    }
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'dictionary';
      readonly compareMode: number;
      readonly entries: readonly (readonly [StoredValue, StoredValue])[];
    }
  /** An object that lives in one thread; the session is served by that thread as long as both live. */
  | { readonly kind: 'resident'; readonly id: number; readonly typeName: string };

/** Keys in order of first assignment, spelled as first written. */
export type StoredContents = readonly (readonly [key: string, value: StoredValue])[];

/** What a page is given of its session. Requests of one session are served one at a time, so this is never stale. */
export type PageSession = {
  /** SessionID as pages see it: a number in decimal. */
  readonly id: string;
  /** Session_OnStart has yet to run. */
  readonly isNew: boolean;
  readonly contents: StoredContents;
  readonly timeoutMinutes: number;
  readonly locale: number | undefined;
  readonly codePage: number | undefined;
};

/** How the site stands, the same for all its pages; sent once to each thread and again when it changes. */
export type PageSite = {
  /** Name for logs and traces. */
  readonly name: string;
  /** The site's folder on this machine; virtual paths are below it. */
  readonly folder: string;
  /** The same folder as pages see it: `C:\inetpub\wwwroot`. */
  readonly windowsFolder: string;
  /** Folders that scripts may use, the site's own among them, Pickup with `create`. */
  readonly folders: readonly ScriptFolder[];
  readonly machine: ScriptMachine;
  readonly limits: ScriptLimitSettings;
  readonly settings: AspSettings;
  /** Old connection strings and DSNs → databases of today, without user and password (withoutSecrets). */
  readonly dataSources: readonly DataSource[];
  /** Four bytes that all threads see: cell 0 (Int32) holds the newest version of the application's variables. */
  readonly applicationVersion: SharedArrayBuffer;
};

/** `<asp>` of web.config and our `sites:` section; the defaults are those of IIS (spec vbscript-asp §3.6). */
export type AspSettings = {
  readonly bufferingOn: boolean;
  /** Bytes. */
  readonly bufferingLimit: number;
  /** Bytes. */
  readonly maxRequestEntityAllowed: number;
  /** Seconds. */
  readonly scriptTimeout: number;
  /** 0: the system's ANSI code page. */
  readonly codePage: number;
  /** 0: the system's locale. */
  readonly lcid: number;
  readonly enableParentPaths: boolean;
  readonly scriptErrorSentToBrowser: boolean;
  readonly scriptErrorMessage: string;
  readonly scriptLanguage: 'VBScript' | 'JScript';
  readonly allowSessionState: boolean;
  readonly sessionTimeoutMinutes: number;
  readonly sessionMax: number;
  readonly keepSessionIdSecure: boolean;
  /** Virtual path of a page for error 500;100. */
  readonly errorPage: string | undefined;
  /** Values of fields and variables with these names are masked in traces. Any case; a part of the name suffices. */
  readonly maskedNames: readonly string[];
};

/** What a thread of the pool is asked to do for a site. */
export type PageOrder = {
  readonly site: PageSite;
  readonly kind:
    | 'page'
    /** Session_OnEnd; `request` is absent. */
    | 'session-end'
    /** Application_OnEnd; `request` is absent. */
    | 'application-end';
  readonly request: PageRequest | undefined;
  readonly session: PageSession | undefined;
  /** For events: the text of global.asa that was in force, when the one on the disk is another by now. */
  readonly globalAsa?: Uint8Array;
  /** Record a trace of this request. */
  readonly trace: boolean;
};

/** Status line and header fields. Set-Cookie may occur often. */
export type PageHead = {
  /** 100 to 999. */
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The session given with the order is new and is used: whoever sends the head adds its cookie. */
  readonly startsSession: boolean;
};

/** Posted while the page runs. The first carries the head. */
export type PagePiece = { readonly head: PageHead | undefined; readonly bytes: Uint8Array };

/** What is left of a session after its page. */
export type SessionAfter =
  | { readonly kind: 'unused' }
  | { readonly kind: 'abandoned'; readonly contents: StoredContents }
  | {
      readonly kind: 'kept';
      /** undefined: not changed. */
      readonly contents: StoredContents | undefined;
      readonly timeoutMinutes: number;
      readonly locale: number | undefined;
      readonly codePage: number | undefined;
      /** The contents hold objects that live in this thread. */
      readonly isResident: boolean;
    };

/** An error that nobody trapped, as ASPError has it. */
export type PageError = {
  /** `0177`; empty for a script error. */
  readonly aspCode: string;
  readonly number: number;
  readonly category: string;
  readonly description: string;
  readonly aspDescription: string;
  /** Virtual path, 1-based line, column or -1. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The source line, for compile errors. */
  readonly source: string;
};

/** Something that does not stop the page and that its author should mend. */
export type PageWarning = { readonly file: string; readonly line: number; readonly text: string };

/** A message that a page had sent and the disk did not keep. */
export type LostMail = {
  /** Where the page sent it. */
  readonly file: string;
  readonly line: number;
  /** The folder as the page knows it, and the name the message would have had there. */
  readonly folder: string;
  readonly name: string;
  readonly reason: string;
};

export type PageOutcome = {
  /** The rest of the answer: all of it when nothing was flushed. The head is absent when a piece carried it. */
  readonly rest: PagePiece;
  readonly session: SessionAfter;
  readonly error: PageError | undefined;
  /** What Response.AppendToLog added. */
  readonly logText: string;
  /** What the mail objects found wrong with the page, each once; absent: nothing. */
  readonly warnings?: readonly PageWarning[];
  /** Messages that were lost after their Send had returned, each of them told by the answer too; absent: none. */
  readonly lostMail?: readonly LostMail[];
  /** Present when it was asked for. */
  readonly trace: PageTrace | undefined;
};

/** Records of one request in order. Bounded; `dropped` counts what found no room. */
export type PageTrace = { readonly records: readonly TraceRecord[]; readonly dropped: number };

/** One thing that happened. `atMs` counts from the start of the page; values are texts, shortened and masked. */
export type TraceRecord = { readonly atMs: number; readonly file: string; readonly line: number } & (
  | { readonly kind: 'line'; readonly source: string }
  | { readonly kind: 'condition'; readonly value: string }
  | {
      readonly kind: 'call' | 'create';
      readonly object: string;
      readonly member: string;
      readonly use: 'get' | 'call' | 'put' | 'putref' | 'create';
      readonly args: readonly string[];
      readonly result: string | undefined;
      readonly hresult: number | undefined;
      readonly elapsedMs: number;
    }
  | { readonly kind: 'error'; readonly number: number; readonly source: string; readonly description: string }
  /** The mail objects took what the page wrote for something else. */
  | { readonly kind: 'warning'; readonly text: string }
  /** A message left the page: the Message-ID it carries, and where it went. */
  | {
      readonly kind: 'mail';
      readonly object: string;
      readonly messageId: string;
      readonly way:
        | { readonly kind: 'pickup'; readonly file: string }
        | { readonly kind: 'smtp'; readonly server: string; readonly reply: string };
    }
);

/** Operation of the waiting room, request: nothing → all mail that the page has sent is durable (undefined), or a PageError. */
export const MAIL_OPERATION = 'asp.mail.settle';

/**
 * The application's variables are kept on the main side. Each thread has a copy and a version; a shared 32-bit cell holds
 * the newest version, so a read costs one look unless something changed. Operations of the waiting room:
 */
export const APPLICATION_OPERATION = {
  /** request: version known → { version, contents } */
  read: 'asp.application.read',
  /** request: { key, value } (value absent: remove; key absent: remove all) → version */
  write: 'asp.application.write',
  /** Answered when the lock is this request's; given back by unlock or by the request's end. */
  lock: 'asp.application.lock',
  unlock: 'asp.application.unlock',
  /** request: nothing → true for exactly one caller, who runs Application_OnStart and then says `started`; others wait. */
  begin: 'asp.application.begin',
  started: 'asp.application.started',
} as const;
