/**
 * Response.Cookies: cookies that the answer sets.
 * Owns: values and keys, attributes, the text of Set-Cookie.  Leaves: when headers may still change (response).
 * Fails: ASP 0162, 0183, 0184, 0200 as errors of the Cookies object; 5 for characters that would end the header.
 * Sources: doc "Response.Cookies"; KB 247348; RFC 6265 §4.1.
 */
import {
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  Scalar,
  serialToDate,
  VT,
} from '../../automation/index.ts';
import { booleanAt, isMissing, numberOf, plainOf, runtimeError, textAt } from '../../objects/index.ts';
import { AspProblem } from '../errors.ts';
import { urlEncoded } from './encode.ts';
import { httpDate, refuseControls } from './header-text.ts';

const EARLIEST = Date.UTC(1980, 0, 1);
const LATEST = Date.UTC(2038, 0, 19, 3, 14, 7);

export class ResponseCookies {
  readonly #cookies = new Map<string, ResponseCookie>();
  readonly #checkHeaders: () => void;

  /** `checkHeaders` throws when headers have left already. */
  constructor(checkHeaders: () => void) {
    this.#checkHeaders = checkHeaders;
  }

  /** The cookie of a name, made when there is none. */
  cookie(name: string): ResponseCookie {
    if (name === '') throw new AspProblem('Cookies object', 184);
    if (/^aspsessionid/i.test(name)) throw new AspProblem('Cookies object', 162);
    const key = name.toLowerCase();
    let cookie = this.#cookies.get(key);
    if (cookie === undefined) {
      cookie = new ResponseCookie(name, this.#checkHeaders);
      this.#cookies.set(key, cookie);
    }
    return cookie;
  }

  get names(): string[] {
    return Array.from(this.#cookies.values(), ({ name }) => name);
  }

  /** Values of Set-Cookie, one for each cookie that was set. */
  headers(codePage: number): string[] {
    return Array.from(this.#cookies.values())
      .filter((cookie) => cookie.isSet)
      .map((cookie) => cookie.text(codePage));
  }

  clear(): void {
    this.#cookies.clear();
  }
}

export class ResponseCookie {
  readonly name: string;
  readonly #checkHeaders: () => void;
  #value = '';
  readonly #keys = new Map<string, { readonly name: string; value: string }>();
  #expires: Date | undefined;
  #domain = '';
  #path = '/';
  #isSecure = false;
  isSet = false;

  constructor(name: string, checkHeaders: () => void) {
    this.name = name;
    this.#checkHeaders = checkHeaders;
  }

  get hasKeys(): boolean {
    return this.#keys.size > 0;
  }

  get value(): string {
    if (!this.hasKeys) return this.#value;
    return Array.from(this.#keys.values(), ({ name, value }) => `${name}=${value}`).join('&');
  }

  get keyNames(): string[] {
    return Array.from(this.#keys.values(), ({ name }) => name);
  }

  keyValue(name: string): string {
    return this.#keys.get(name.toLowerCase())?.value ?? '';
  }

  /** A plain value takes the place of keys, a key that of a plain value. */
  set(value: string): void {
    this.#change();
    this.#keys.clear();
    this.#value = value;
  }

  setKey(name: string, value: string): void {
    if (name === '') throw new AspProblem('Cookies object', 183);
    this.#change();
    this.#value = '';
    const known = this.#keys.get(name.toLowerCase());
    if (known === undefined) this.#keys.set(name.toLowerCase(), { name, value });
    else known.value = value;
  }

  set expires(date: Date) {
    this.#change();
    const time = date.getTime();
    if (!(time >= EARLIEST && time <= LATEST)) throw new AspProblem('Cookies object', 200);
    this.#expires = date;
  }

  set domain(text: string) {
    this.#change();
    this.#domain = attributeText(text);
  }

  set path(text: string) {
    this.#change();
    this.#path = attributeText(text);
  }

  set isSecure(value: boolean) {
    this.#change();
    this.#isSecure = value;
  }

  text(codePage: number): string {
    const encoded = (text: string) => urlEncoded(text, codePage);
    const value = this.hasKeys
      ? Array.from(this.#keys.values(), ({ name, value: of }) => `${encoded(name)}=${encoded(of)}`).join('&')
      : encoded(this.#value);
    return [
      `${encoded(this.name)}=${value}`,
      ...(this.#expires === undefined ? [] : [`expires=${httpDate(this.#expires)}`]),
      ...(this.#domain === '' ? [] : [`domain=${this.#domain}`]),
      `path=${this.#path}`,
      ...(this.#isSecure ? ['secure'] : []),
    ].join('; ');
  }

  #change(): void {
    this.#checkHeaders();
    this.isSet = true;
  }
}

/** Domain and path stand in the header as they are. */
function attributeText(text: string): string {
  refuseControls(text);
  if (text.includes(';')) throw runtimeError(5);
  return text;
}

type Args = readonly AutomationArgument[];

const cookieFace: (self: ResponseCookie) => AutomationObject = automationFace<ResponseCookie>({
  name: 'IWriteCookie',
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [0, 1],
      get: (self, args) => (args.length === 0 ? self.value : self.keyValue(textAt(args, 0))),
      put: (self, args) => {
        if (args.length === 1) self.set(cookieText(args, 0));
        else if (isMissing(args, 0)) self.set(cookieText(args, 1));
        else self.setKey(textAt(args, 0), cookieText(args, 1));
      },
    },
    HasKeys: { arity: [0, 0], get: (self) => self.hasKeys },
    Expires: {
      arity: [0, 0],
      put: (self, args) => {
        self.expires = dateAt(args, 0);
      },
    },
    Domain: {
      arity: [0, 0],
      put: (self, args) => {
        self.domain = textAt(args, 0);
      },
    },
    Path: {
      arity: [0, 0],
      put: (self, args) => {
        self.path = textAt(args, 0);
      },
    },
    Secure: {
      arity: [0, 0],
      put: (self, args) => {
        self.isSecure = booleanAt(args, 0);
      },
    },
  },
  enumerate: (self) => self.keyNames.values(),
});

function cookieText(args: Args, index: number): string {
  return plainOf(args[index]) === null ? '' : textAt(args, index);
}

/** A date, or what CDate would make one of in en-US. */
export function dateAt(args: Args, index: number): Date {
  const value = plainOf(args[index]);
  if (typeof value === 'string') {
    const date = new Date(/^#.*#$/.test(value) ? value.slice(1, -1) : value);
    if (Number.isNaN(date.getTime())) throw runtimeError(13);
    return date;
  }
  return serialToDate(numberOf(value));
}

const cookiesTable: (self: ResponseCookies) => AutomationObject = automationFace<ResponseCookies>({
  name: 'IRequestDictionary',
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [1, 1],
      get: (self, args) => cookieFace(self.cookie(textAt(args, 0))),
      put: (self, args) => self.cookie(textAt(args, 0)).set(cookieText(args, 1)),
    },
    Key: { arity: [1, 1], get: (self, args) => self.names[numberOf(plainOf(args[0])) - 1] ?? outOfRange() },
    Count: { arity: [0, 0], get: (self) => new Scalar(VT.long, self.names.length) },
  },
  enumerate: (self) => self.names.values(),
});

function outOfRange(): never {
  throw new AspProblem('Request object', 105);
}

/** `Response.Cookies` with and without a name, read and assigned. */
export function cookiesMember(self: ResponseCookies, kind: 'get' | 'put', args: Args): AutomationValue {
  const face = cookiesTable(self);
  if (kind === 'get') return args.length === 0 ? face : face.invoke('get', '', args);
  return face.invoke('put', '', args);
}
