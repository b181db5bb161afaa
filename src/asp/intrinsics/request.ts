/**
 * The Request object.
 * Owns: its collections, BinaryRead and TotalBytes, which of them exclude each other.
 * Leaves: reading the body from the network (web), decoding (encode), lists (collections).
 * Fails: ASP 0104, 0105, 0206, 0207, 0208, 0247 as errors of the Request object.
 * Sources: doc "Request object"; KB 294271; observed: `Request("x")` looks into QueryString, Form, Cookies,
 * ClientCertificate, ServerVariables in this order.
 */
import {
  ArgumentReference,
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  freshFace,
  Scalar,
  VT,
} from '../../automation/index.ts';
import { longAt, textAt } from '../../objects/index.ts';
import type { PageRequest, PageSite } from '../contract.ts';
import { AspProblem } from '../errors.ts';
import { itemAt, namedItemsFace, StringList, StringLists, stringListFace } from './collections.ts';
import { urlDecoded } from './encode.ts';
import { RequestCookies } from './request-cookies.ts';
import { fieldOf, ServerVariables } from './server-variables.ts';

export type RequestOptions = {
  readonly request: PageRequest;
  readonly site: PageSite;
  /** Code page in which names and values are decoded, asked when a collection is first used. */
  readonly codePage: () => number;
  /** Windows path of a virtual path. */
  readonly physicalPath: (path: string) => string;
};

/** Most fields of one form or query string; what comes behind is not read. */
const MOST_FIELDS = 20_000;

export class PageRequestObject {
  readonly #options: RequestOptions;
  #query: StringLists | undefined;
  #form: StringLists | undefined;
  #cookies: RequestCookies | undefined;
  #variables: ServerVariables | undefined;
  /** How the body is used: as a form or byte by byte, not both. */
  #bodyUse: 'form' | 'bytes' | undefined;
  #read = 0;

  constructor(options: RequestOptions) {
    this.#options = options;
  }

  get queryString(): StringLists {
    const { query } = this.#options.request;
    return (this.#query ??= new StringLists(pairsOf(query, this.#options.codePage()), query));
  }

  get form(): StringLists {
    if (this.#bodyUse === 'bytes') throw new AspProblem('Request object', 207);
    this.#checkLength();
    this.#bodyUse = 'form';
    if (this.#form === undefined) {
      const { request } = this.#options;
      const raw = this.#isForm ? Buffer.from(request.body).toString('latin1') : '';
      this.#form = new StringLists(pairsOf(raw, this.#options.codePage()), raw);
    }
    return this.#form;
  }

  get cookies(): RequestCookies {
    return (this.#cookies ??= new RequestCookies(
      fieldOf(this.#options.request, 'cookie'),
      this.#options.codePage(),
    ));
  }

  get serverVariables(): ServerVariables {
    const { request, site, physicalPath } = this.#options;
    return (this.#variables ??= new ServerVariables(request, site, physicalPath));
  }

  get totalBytes(): number {
    return this.#options.request.body.length;
  }

  /** The value that the first collection with this name has; Empty when none has it. */
  find(name: string): AutomationValue {
    if (this.#bodyUse === 'bytes') throw new AspProblem('Request object', 208);
    return (
      this.queryString.find(name) ??
      this.form.find(name) ??
      this.cookies.find(name) ??
      this.serverVariables.find(name)
    );
  }

  /** Names and values of query, form and cookies, for masking; leaves the body to the page. */
  *fields(): Generator<readonly [name: string, value: string]> {
    const { request, codePage } = this.#options;
    yield* pairsOf(request.query, codePage());
    if (this.#isForm) yield* pairsOf(Buffer.from(request.body).toString('latin1'), codePage());
    for (const part of fieldOf(request, 'cookie').split(';')) yield* pairsOf(part.trim(), codePage());
  }

  get #isForm(): boolean {
    return /^application\/x-www-form-urlencoded\b/i.test(fieldOf(this.#options.request, 'content-type'));
  }

  /** The next `count` bytes of the body. */
  binaryRead(count: number): Uint8Array {
    if (this.#bodyUse === 'form') throw new AspProblem('Request object', 206);
    if (count < 0) throw new AspProblem('Request object', 247);
    this.#checkLength();
    this.#bodyUse = 'bytes';
    const { body } = this.#options.request;
    const bytes = body.slice(this.#read, this.#read + count);
    this.#read += bytes.length;
    return bytes;
  }

  /** A field of the client's certificate, from the variables the server gave. */
  certificateField(name: string): AutomationValue {
    const value = this.#options.request.variables[`CERT_${name.toUpperCase()}`];
    return stringListFace(new StringList(value === undefined ? [] : [value]));
  }

  get certificateFields(): string[] {
    return Object.keys(this.#options.request.variables)
      .filter((name) => name.startsWith('CERT_'))
      .map((name) => name.slice(5));
  }

  #checkLength(): void {
    const { request, site } = this.#options;
    // The web side withholds a body beyond the limit; its length is still in the header.
    const declared = request.headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
    const length = Math.max(request.body.length, Number(declared ?? 0));
    if (length > site.settings.maxRequestEntityAllowed) throw new AspProblem('Request object', 104);
  }
}

function* pairsOf(text: string, codePage: number): Generator<[name: string, value: string]> {
  let count = 0;
  for (let at = 0; at <= text.length && count < MOST_FIELDS; count += 1) {
    const end = text.indexOf('&', at);
    const part = text.slice(at, end < 0 ? text.length : end);
    at = end < 0 ? text.length + 1 : end + 1;
    if (part === '') continue;
    const sign = part.indexOf('=');
    // A word without a sign is a value without a name, as ISINDEX queries had it.
    if (sign < 0) yield ['', urlDecoded(part, codePage)];
    else yield [urlDecoded(part.slice(0, sign), codePage), urlDecoded(part.slice(sign + 1), codePage)];
  }
}

const certificateFace: (self: PageRequestObject) => AutomationObject = automationFace<PageRequestObject>({
  name: 'IRequestDictionary',
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [0, 1],
      get: (self, args) => (args.length === 0 ? undefined : self.certificateField(textAt(args, 0))),
    },
    Key: {
      arity: [1, 1],
      get: (self, args) => self.certificateFields[longAt(args, 0) - 1] ?? outOfRange(),
    },
    Count: { arity: [0, 0], get: (self) => new Scalar(VT.long, self.certificateFields.length) },
  },
  enumerate: (self) => self.certificateFields.values(),
});

function outOfRange(): never {
  throw new AspProblem('Request object', 105);
}

type Args = readonly AutomationArgument[];

export const requestFace: (self: PageRequestObject) => AutomationObject = freshFace<PageRequestObject>({
  name: 'IRequest',
  outArguments: ['BinaryRead'],
  defaultMember: 'Item',
  members: {
    Item: { arity: [1, 1], get: (self, args) => self.find(textAt(args, 0)) },
    QueryString: { arity: [0, 1], get: (self, args) => listed(self.queryString, args) },
    Form: { arity: [0, 1], get: (self, args) => listed(self.form, args) },
    Cookies: { arity: [0, 1], get: (self, args) => listed(self.cookies, args) },
    ServerVariables: { arity: [0, 1], get: (self, args) => listed(self.serverVariables, args) },
    ClientCertificate: {
      arity: [0, 1],
      get: (self, args) =>
        args.length === 0 ? certificateFace(self) : self.certificateField(textAt(args, 0)),
    },
    TotalBytes: { arity: [0, 0], get: (self) => new Scalar(VT.long, self.totalBytes) },
    BinaryRead: { arity: [1, 1], call: binaryRead },
  },
});

function listed(items: Parameters<typeof itemAt>[0], args: Args): AutomationValue {
  return args.length === 0 ? namedItemsFace(items) : itemAt(items, args);
}

/** The variable that says how much is wanted holds how much was read afterwards. */
function binaryRead(self: PageRequestObject, args: Args): AutomationValue {
  const bytes = self.binaryRead(longAt(args, 0));
  if (args[0] instanceof ArgumentReference) args[0].put(new Scalar(VT.long, bytes.length));
  return bytes;
}
