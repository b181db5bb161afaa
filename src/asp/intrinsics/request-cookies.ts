/**
 * Request.Cookies: cookies with and without keys.
 * Owns: reading the Cookie field, values with keys (`a=1&b=2`).
 * Sources: doc "Request.Cookies"; KB 234016 (`+` is a space in cookies, too).
 */
import { type AutomationObject, type AutomationValue, automationFace } from '../../automation/index.ts';
import { type NamedItems, namedItemsFace, StringLists } from './collections.ts';
import { urlDecoded } from './encode.ts';

export class RequestCookies implements NamedItems {
  readonly #cookies = new Map<string, { readonly name: string; readonly cookie: RequestCookie }>();

  /** `field` holds bytes as Latin-1. */
  constructor(field: string, codePage: number) {
    for (const part of field.split(';')) {
      const sign = part.indexOf('=');
      const name = urlDecoded((sign < 0 ? part : part.slice(0, sign)).trim(), codePage);
      if (name === '' || this.#cookies.has(name.toLowerCase())) continue;
      const raw = sign < 0 ? '' : part.slice(sign + 1).trim();
      this.#cookies.set(name.toLowerCase(), { name, cookie: new RequestCookie(raw, codePage) });
    }
  }

  get names(): readonly string[] {
    return Array.from(this.#cookies.values(), ({ name }) => name);
  }

  find(name: string): AutomationObject | undefined {
    const found = this.#cookies.get(name.toLowerCase());
    return found && requestCookieFace(found.cookie);
  }

  item(name: string): AutomationValue {
    return this.find(name) ?? requestCookieFace(new RequestCookie('', 1252));
  }

  whole(): AutomationValue {
    return Array.from(this.#cookies.values(), ({ name, cookie }) => `${name}=${cookie.raw}`).join('; ');
  }
}

class RequestCookie {
  readonly raw: string;
  readonly #codePage: number;
  #keys: StringLists | undefined;

  constructor(raw: string, codePage: number) {
    this.raw = raw;
    this.#codePage = codePage;
  }

  get hasKeys(): boolean {
    return this.raw.includes('=');
  }

  get keys(): StringLists {
    const parts = this.hasKeys ? this.raw.split('&') : [];
    return (this.#keys ??= new StringLists(
      parts.map((part) => {
        const sign = part.indexOf('=');
        const [name, value] = sign < 0 ? [part, ''] : [part.slice(0, sign), part.slice(sign + 1)];
        return [urlDecoded(name, this.#codePage), urlDecoded(value, this.#codePage)];
      }),
    ));
  }

  /** The whole value; with keys it stays as it was sent. */
  get text(): string {
    return this.hasKeys ? this.raw : urlDecoded(this.raw, this.#codePage);
  }
}

const requestCookieFace: (self: RequestCookie) => AutomationObject = automationFace<RequestCookie>({
  name: 'IReadCookie',
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [0, 1],
      get: (self, args) => {
        if (args.length === 0) return self.text;
        const found = namedItemsFace(self.keys).invoke('get', '', args) as AutomationObject;
        return found.invoke('get', '', []) ?? '';
      },
    },
    HasKeys: { arity: [0, 0], get: (self) => self.hasKeys },
    Key: { arity: [1, 1], get: (self, args) => namedItemsFace(self.keys).invoke('get', 'Key', args) },
    Count: { arity: [0, 0], get: (self) => namedItemsFace(self.keys).invoke('get', 'Count', []) },
  },
  enumerate: (self) => self.keys.names.values(),
});
