/**
 * The Session object, and what stands in its place where sessions are switched off.
 * Owns: members and errors.  Leaves: values between requests (page/stored-values), cookies (web).
 * Fails: ASP 0164, 0168, 0188, 0204, 0219; 0166 where there is no session.
 * Sources: doc "Session object"; KB 294271, 246596.
 */
import {
  type AutomationObject,
  type AutomationValue,
  freshFace,
  Scalar,
  VT,
} from '../../automation/index.ts';
import { argumentValue, isCodePage, longAt } from '../../objects/index.ts';
import { AspProblem } from '../errors.ts';
import { localeAt } from './response.ts';
import {
  assigned,
  contentsFace,
  nameIn,
  type StaticObjects,
  staticObjectsFace,
  type VariableStore,
} from './variables.ts';

export type SessionHost = {
  readonly id: string;
  readonly contents: VariableStore;
  readonly statics: StaticObjects;
  readonly timeoutMinutes: number;
  /** As the session set it, else what holds without. */
  readonly codePage: { readonly get: () => number; readonly set: (codePage: number) => void };
  readonly locale: { readonly get: () => number; readonly set: (lcid: number) => void };
};

/** Longest time-out, minutes: a day, as IIS has it. */
const LONGEST_MINUTES = 1440;

export class PageSessionObject {
  readonly host: SessionHost;
  #timeoutMinutes: number;
  #isAbandoned = false;
  /** Anything of the session was used. */
  isUsed = false;

  constructor(host: SessionHost) {
    this.host = host;
    this.#timeoutMinutes = host.timeoutMinutes;
  }

  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  abandon(): void {
    this.isUsed = true;
    this.#isAbandoned = true;
  }

  get timeoutMinutes(): number {
    return this.#timeoutMinutes;
  }

  set timeoutMinutes(minutes: number) {
    if (minutes < 1 || minutes > LONGEST_MINUTES) throw new AspProblem('Session object', 164);
    this.isUsed = true;
    this.#timeoutMinutes = minutes;
  }

  set codePage(codePage: number) {
    if (!isCodePage(codePage)) throw new AspProblem('Session object', 204);
    this.isUsed = true;
    this.host.codePage.set(codePage);
  }

  set locale(lcid: number) {
    this.isUsed = true;
    this.host.locale.set(lcid);
  }

  set(name: string, value: AutomationValue): void {
    this.isUsed = true;
    this.host.contents.set(name, value);
  }
}

export const sessionFace: (self: PageSessionObject) => AutomationObject = freshFace<PageSessionObject>({
  name: 'ISessionObject',
  keepsSubtypes: true,
  defaultMember: 'Value',
  members: {
    Value: {
      arity: [1, 1],
      get: (self, args) => self.host.contents.get(nameIn(self.host.contents, args[0])),
      put: (self, args) => self.set(nameIn(self.host.contents, args[0]), assigned(args[1])),
      putref: (self, args) => self.set(nameIn(self.host.contents, args[0]), argumentValue(args[1])),
    },
    Abandon: { arity: [0, 0], call: (self) => void self.abandon() },
    CodePage: {
      arity: [0, 0],
      get: (self) => new Scalar(VT.long, self.host.codePage.get()),
      put: (self, args) => {
        self.codePage = longAt(args, 0);
      },
    },
    Contents: {
      arity: [0, 1],
      get: (self, args) =>
        args.length === 0
          ? contentsFace(self.host.contents)
          : self.host.contents.get(nameIn(self.host.contents, args[0])),
      put: (self, args) => self.set(nameIn(self.host.contents, args[0]), assigned(args[1])),
      putref: (self, args) => self.set(nameIn(self.host.contents, args[0]), argumentValue(args[1])),
    },
    LCID: {
      arity: [0, 0],
      get: (self) => new Scalar(VT.long, self.host.locale.get()),
      put: (self, args) => {
        self.locale = localeAt(args, 'Session object');
      },
    },
    SessionID: {
      arity: [0, 0],
      get: (self) => {
        self.isUsed = true;
        const id = Number(self.host.id);
        return id <= 0x7fff_ffff ? new Scalar(VT.long, id) : new Scalar(VT.double, id);
      },
    },
    StaticObjects: {
      arity: [0, 1],
      get: (self, args) =>
        args.length === 0
          ? staticObjectsFace(self.host.statics)
          : self.host.statics.get(nameIn(self.host.statics, args[0])),
    },
    Timeout: {
      arity: [0, 0],
      get: (self) => new Scalar(VT.long, self.timeoutMinutes),
      put: (self, args) => {
        self.timeoutMinutes = longAt(args, 0);
      },
    },
  },
});

/** Stands for Session where ENABLESESSIONSTATE or the site switches sessions off: any use is an error. */
export function noSession(): AutomationObject {
  return {
    automationName: 'ISessionObject',
    invoke: () => {
      throw new AspProblem('Session object', 166);
    },
  };
}
