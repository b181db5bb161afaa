/**
 * The Server object.
 * Owns: its members and their errors.  Leaves: running other pages, creating objects, time limits (the request's host).
 * Fails: ASP 0171-0176, 0177, 0178, 0195, 0214, 0227-0231, 0235.
 * Sources: doc "Server object"; KB 294271.
 */
import {
  type AutomationArgument,
  AutomationError,
  type AutomationObject,
  freshFace,
  Scalar,
  VT,
} from '../../automation/index.ts';
import { longAt, plainOf, runtimeError, textAt } from '../../objects/index.ts';
import type { PageError } from '../contract.ts';
import { AspProblem, E_FAIL } from '../errors.ts';
import { resolveVirtual } from '../template/site-files.ts';
import { aspErrorFace } from './asp-error.ts';
import { htmlEncoded, urlEncoded, urlPathEncoded } from './encode.ts';
import { PageEnd } from './exits.ts';
import { folderOf, mapPath, type PathPlace } from './map-path.ts';

/** What the Server object asks of the request it serves. */
export type ServerHost = {
  readonly codePage: () => number;
  readonly place: () => PathPlace;
  /** The object of a ProgID; undefined: there is no such class. */
  readonly createObject: (progId: string) => AutomationObject | undefined;
  /** Runs another page in this request. False: there is no such page. */
  readonly runPage: (path: string) => boolean;
  readonly lastError: () => PageError;
  readonly timeout: { readonly get: () => number; readonly set: (seconds: number) => void };
  /** In OnEnd events there is no request to answer. */
  readonly isEnding: boolean;
};

/** Class not registered, as error 0177 shows it. */
const CO_E_CLASSSTRING = 0x8004_01f3 | 0;
const E_ACCESSDENIED = 0x8007_0005 | 0;

export class PageServer {
  readonly #host: ServerHost;

  constructor(host: ServerHost) {
    this.#host = host;
  }

  createObject(progId: string): AutomationObject {
    let created: AutomationObject | undefined;
    try {
      created = this.#host.createObject(progId);
    } catch (thrown) {
      if (!(thrown instanceof AutomationError)) throw thrown;
      if (thrown.hresult === E_ACCESSDENIED)
        throw new AspProblem('Server object', 178, { hresult: E_ACCESSDENIED, cause: thrown });
      throw createFailed(thrown.hresult, thrown);
    }
    if (created === undefined) throw createFailed(CO_E_CLASSSTRING);
    return created;
  }

  mapPath(path: string): string {
    this.#checkAlive();
    return mapPath(path, this.#host.place());
  }

  execute(path: string): void {
    this.#run(path, { failed: 228, badUrl: 231 });
  }

  transfer(path: string): never {
    this.#run(path, { failed: 230, badUrl: 235 });
    throw new PageEnd('Server.Transfer');
  }

  #run(path: string, errors: { readonly failed: 228 | 230; readonly badUrl: 231 | 235 }): void {
    this.#checkAlive();
    // observed: neither a full URL nor a query string is taken.
    if (path === '' || /^[a-z][a-z0-9+.-]*:/i.test(path) || /[?*<>|"\u0000-\u001f]/.test(path))
      throw new AspProblem('Server object', errors.badUrl);
    const given = path.replaceAll('\\', '/');
    if (given.startsWith('//')) throw new AspProblem('Server object', errors.badUrl);
    const place = this.#host.place();
    if (given.split('/').includes('..') && !place.parentPaths)
      throw new AspProblem('Server object', errors.failed);
    const virtual = resolveVirtual(given.startsWith('/') ? given : folderOf(place.page) + given);
    if (virtual === undefined || !this.#host.runPage(virtual))
      throw new AspProblem('Server object', errors.failed);
  }

  get lastError(): PageError {
    return this.#host.lastError();
  }

  get scriptTimeout(): number {
    return this.#host.timeout.get();
  }

  set scriptTimeout(seconds: number) {
    if (seconds < 0) throw runtimeError(5);
    this.#host.timeout.set(seconds);
  }

  get codePage(): number {
    return this.#host.codePage();
  }

  #checkAlive(): void {
    if (this.#host.isEnding) throw new AspProblem('Server object', 195);
  }
}

function createFailed(hresult: number, cause?: unknown): AspProblem {
  const subject = (hresult >>> 0).toString(16).padStart(8, '0');
  return new AspProblem('Server object', 177, { subject, hresult: hresult === 0 ? E_FAIL : hresult, cause });
}

/** Null and Empty are encoded as nothing. */
function textOrNothing(args: readonly AutomationArgument[]): string {
  return plainOf(args[0]) === null ? '' : textAt(args, 0);
}

export const serverFace: (self: PageServer) => AutomationObject = freshFace<PageServer>({
  name: 'IServer',
  members: {
    CreateObject: { arity: [1, 1], call: (self, args) => self.createObject(textAt(args, 0)) },
    Execute: { arity: [1, 1], call: (self, args) => void self.execute(textAt(args, 0)) },
    GetLastError: { arity: [0, 0], call: (self) => aspErrorFace(self.lastError) },
    HTMLEncode: { arity: [1, 1], call: (self, args) => htmlEncoded(textOrNothing(args), self.codePage) },
    MapPath: { arity: [0, 1], call: (self, args) => self.mapPath(textAt(args, 0, '')) },
    ScriptTimeout: {
      arity: [0, 0],
      get: (self) => new Scalar(VT.long, self.scriptTimeout),
      put: (self, args) => {
        self.scriptTimeout = longAt(args, 0);
      },
    },
    Transfer: { arity: [1, 1], call: (self, args) => self.transfer(textAt(args, 0)) },
    URLEncode: { arity: [1, 1], call: (self, args) => urlEncoded(textOrNothing(args), self.codePage) },
    URLPathEncode: {
      arity: [1, 1],
      call: (self, args) => urlPathEncoded(textOrNothing(args), self.codePage),
    },
  },
});
