/**
 * Reads the addresses of header fields.
 * Owns: lists, groups, display names, comments, quoted strings, routes, obsolete forms; the strict reading of one address.
 * Leaves: paths of SMTP commands (smtp/protocol), which addresses are wanted.
 * Fails: the list parser never does – what holds no address is an entry of kind `text`; `parseAddress` gives ParseResult.
 * Sources: RFC 5322 §3.4, §4.4; RFC 6532 §3.2; RFC 5321 §4.1.2, §4.1.3; RFC 2047 §5 (3).
 */
import { isIP } from 'node:net';
import { type ParseResult, parsed, unparsed } from '../base/index.ts';
import { type Domain, domainName, type Mailbox } from '../envelope/index.ts';
import { decodeWords } from './encoded-word.ts';

/** A mailbox with the name people see; the name is empty when there is none. */
export type NamedMailbox = { readonly displayName: string; readonly mailbox: Mailbox };

export type AddressEntry =
  | ({ readonly kind: 'mailbox' } & NamedMailbox)
  | { readonly kind: 'group'; readonly groupName: string; readonly members: readonly NamedMailbox[] }
  /** Something without a usable address: `whoami`, `Undisclosed recipients`, `a@@b`. `text` is decoded and unquoted. */
  | { readonly kind: 'text'; readonly text: string; readonly displayName: string; readonly reason: string };

/** The entries of a list, in order. Commas separate, and semicolons too outside groups, as mail programs of Windows write. */
export function parseAddressList(value: string): AddressEntry[] {
  return new ListReader(value).read();
}

/** All mailboxes of a list, those inside groups included, in order. */
export function mailboxesOf(entries: readonly AddressEntry[]): NamedMailbox[] {
  return entries.flatMap((entry) =>
    entry.kind === 'mailbox' ? [entry] : entry.kind === 'group' ? entry.members : [],
  );
}

/** All mailboxes of a header value. */
export function parseMailboxes(value: string): NamedMailbox[] {
  return mailboxesOf(parseAddressList(value));
}

/** Exactly one address, with or without display name and angle brackets; anything else is refused with its place. */
export function parseAddress(text: string): ParseResult<NamedMailbox> {
  const entries = parseAddressList(text);
  const [entry] = entries;
  if (entry === undefined) return unparsed('the address is empty', 0);
  if (entries.length > 1)
    return unparsed('more than one address stands here', Math.max(text.search(/[,;]/), 0));
  if (entry.kind === 'mailbox') return parsed({ displayName: entry.displayName, mailbox: entry.mailbox });
  if (entry.kind === 'group')
    return unparsed('a group stands where one address is expected', text.indexOf(':'));
  return unparsed(entry.reason, 0);
}

/** `local@domain` without name, comments or brackets. */
export function parseAddrSpec(text: string): ParseResult<Mailbox> {
  const at = lastAt(text);
  if (at < 0) return unparsed('the address has no @', text.length);
  const localPart = readLocalPart(text.slice(0, at));
  if (!localPart.ok) return localPart;
  const domain = readDomain(text.slice(at + 1));
  if (!domain.ok) return unparsed(domain.reason, at + 1 + domain.at);
  return parsed({ localPart: localPart.value, domain: domain.value });
}

/** The at-sign that ends the local-part: the last one outside quotes. */
function lastAt(text: string): number {
  const quoteEnd = text.startsWith('"') ? text.lastIndexOf('"') : 0;
  const at = text.lastIndexOf('@');
  return at > quoteEnd || quoteEnd <= 0 ? at : text.indexOf('@', quoteEnd);
}

const LOCAL_ATOMS = /^[^\x00-\x20"(),:;<>@[\\\]\x7f]+$/;

function readLocalPart(written: string): ParseResult<string> {
  const text = written.trim();
  if (text === '') return unparsed('the local-part before the @ is empty', 0);
  // RFC 5322 forbids dots at the ends and in pairs, yet mailboxes with them exist and receive mail.
  if (LOCAL_ATOMS.test(text)) return parsed(text);
  // RFC 5322 §4.4 obs-local-part: atoms and quoted strings joined by dots, blanks around the dots.
  const word = /(?:"((?:[^"\\]|\\[\s\S])*)"|([^\x00-\x20"(),.:;<>@[\\\]\x7f]+))(\s*\.\s*|$)/y;
  let localPart = '';
  while (word.lastIndex < text.length) {
    const at = word.lastIndex;
    const match = word.exec(text);
    if (match === null) return unparsed('the local-part has a character that must be quoted', at);
    const meaning = match[2] ?? match[1]!.replace(/\\([\s\S])/g, '$1');
    if (/[\r\n\0]/.test(meaning)) return unparsed('the local-part holds a line end', at);
    localPart += match[3] === '' ? meaning : `${meaning}.`;
  }
  return localPart === '' ? unparsed('the local-part before the @ is empty', 0) : parsed(localPart);
}

const DOMAIN = /^[A-Za-z0-9_\u0080-\u{10ffff}-]+(?:\.[A-Za-z0-9_\u0080-\u{10ffff}-]+)*\.?$/u;

function readDomain(written: string): ParseResult<Domain> {
  const text = written.replace(/\s*\.\s*/g, '.').trim();
  if (text === '') return unparsed('the domain behind the @ is empty', 0);
  if (text.startsWith('[')) return readLiteral(text);
  if (!DOMAIN.test(text)) return unparsed(`'${text.slice(0, 64)}' is not a domain name`, 0);
  const domain = domainName(text);
  return domain === undefined ? unparsed(`'${text.slice(0, 64)}' is not a domain name`, 0) : parsed(domain);
}

function readLiteral(text: string): ParseResult<Domain> {
  const inner = text.endsWith(']') ? text.slice(1, -1).trim() : '';
  if (isIP(inner) === 4) return parsed({ kind: 'literal', family: 4, address: inner });
  const six = /^IPv6:(.+)$/i.exec(inner)?.[1];
  if (six !== undefined && isIP(six) === 6)
    return parsed({ kind: 'literal', family: 6, address: canonicalIPv6(six) });
  return unparsed(`'${text.slice(0, 64)}' is not an address literal`, 0);
}

function canonicalIPv6(address: string): string {
  return new URL(`http://[${address.replace(/%.*$/, '')}]/`).hostname.slice(1, -1);
}

/** Most entries read of one list; the rest is left out. A header of a megabyte holds fewer real addresses. */
const MOST_ENTRIES = 100_000;

/** Walks a list once, collecting words until a separator decides what they were. */
class ListReader {
  readonly #text: string;
  #at = 0;
  #entries: AddressEntry[] = [];
  /** Members of the group being read, and its name. */
  #group: { name: string; members: NamedMailbox[] } | undefined;
  /** A closing mark searched from here on was not found; it need not be searched again. */
  #noQuoteFrom = Number.POSITIVE_INFINITY;
  #noAngleFrom = Number.POSITIVE_INFINITY;
  #noParenthesisFrom = Number.POSITIVE_INFINITY;

  /** Of the entry being read: words of a name, the text as written without comments, the comments, the bracketed address. */
  #words: string[] = [];
  #plain = '';
  #comments: string[] = [];
  #angle: string | undefined;
  #glued = false;

  constructor(text: string) {
    this.#text = text;
  }

  read(): AddressEntry[] {
    const simple = simpleAddress(this.#text);
    if (simple !== undefined) return [simple];
    while (this.#at < this.#text.length && this.#entries.length < MOST_ENTRIES) this.#step();
    this.#endEntry();
    this.#endGroup();
    return this.#entries;
  }

  #step(): void {
    const character = this.#text[this.#at]!;
    if (character === '"') this.#quoted();
    else if (character === '(') this.#comment();
    else if (character === '<') this.#bracketed();
    else if (character === ',') this.#separator(false);
    else if (character === ';') this.#separator(true);
    else if (character === ':' && this.#startsGroup()) this.#openGroup();
    else if (character === '[') this.#literal();
    else if (/\s/.test(character)) {
      this.#at += 1;
      this.#plain += ' ';
      this.#glued = false;
    } else this.#word();
  }

  #separator(closesGroup: boolean): void {
    this.#endEntry();
    if (closesGroup) this.#endGroup();
    this.#at += 1;
  }

  #startsGroup(): boolean {
    return this.#group === undefined && this.#angle === undefined && !this.#plain.includes('@');
  }

  #openGroup(): void {
    this.#group = { name: decodeWords(this.#words.join(' ')), members: [] };
    this.#clear();
    this.#at += 1;
  }

  #word(): void {
    const word = /[^\s"(<,;:[]+|[:[]/y;
    word.lastIndex = this.#at;
    const text = word.exec(this.#text)![0];
    this.#at += text.length;
    this.#addWord(text, text);
  }

  #addWord(meaning: string, written: string): void {
    if (this.#glued && this.#words.length > 0) this.#words[this.#words.length - 1] += meaning;
    else this.#words.push(meaning);
    this.#glued = true;
    this.#plain += written;
  }

  /** Words of digits in brackets belong to an address: `user@[192.0.2.1]`. */
  #literal(): void {
    const literal = /\[[^\][\s]*\]?/y;
    literal.lastIndex = this.#at;
    const text = literal.exec(this.#text)![0];
    this.#at += text.length;
    this.#addWord(text, text);
  }

  #quoted(): void {
    const end = this.#at < this.#noQuoteFrom ? closingQuote(this.#text, this.#at) : -1;
    if (end < 0) {
      // A quote that never closes is an ordinary character: names like 17" monitors occur.
      this.#noQuoteFrom = Math.min(this.#noQuoteFrom, this.#at);
      this.#at += 1;
      this.#addWord('"', '');
      return;
    }
    const written = this.#text.slice(this.#at, end + 1);
    this.#addWord(written.slice(1, -1).replace(/\\([\s\S])/g, '$1'), written);
    this.#at = end + 1;
  }

  #comment(): void {
    const end = this.#at < this.#noParenthesisFrom ? closingParenthesis(this.#text, this.#at) : -1;
    if (end < 0) {
      this.#noParenthesisFrom = Math.min(this.#noParenthesisFrom, this.#at);
      this.#at += 1;
      this.#addWord('(', '(');
      return;
    }
    this.#comments.push(
      this.#text
        .slice(this.#at + 1, end)
        .replace(/\\([\s\S])/g, '$1')
        .trim(),
    );
    this.#at = end + 1;
    this.#glued = false;
  }

  #bracketed(): void {
    const end = this.#at < this.#noAngleFrom ? closingAngle(this.#text, this.#at) : -1;
    if (end < 0) {
      // Without its closing bracket the address reaches to the next separator.
      this.#noAngleFrom = Math.min(this.#noAngleFrom, this.#at);
      const rest = /[^,;]*/y;
      rest.lastIndex = this.#at + 1;
      const text = rest.exec(this.#text)![0];
      this.#angle ??= text;
      this.#at += 1 + text.length;
      return;
    }
    this.#angle ??= this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
  }

  #endEntry(): void {
    const entry = this.#entry();
    this.#clear();
    if (entry === undefined) return;
    if (this.#group === undefined) this.#entries.push(entry);
    else if (entry.kind === 'mailbox')
      this.#group.members.push({ displayName: entry.displayName, mailbox: entry.mailbox });
  }

  #endGroup(): void {
    if (this.#group === undefined) return;
    this.#entries.push({ kind: 'group', groupName: this.#group.name, members: this.#group.members });
    this.#group = undefined;
  }

  #clear(): void {
    this.#words = [];
    this.#plain = '';
    this.#comments = [];
    this.#angle = undefined;
    this.#glued = false;
  }

  #entry(): AddressEntry | undefined {
    const name = decodeWords(this.#words.join(' ')).trim();
    if (this.#angle !== undefined) {
      const address = withoutRoute(withoutComments(this.#angle));
      const mailbox = parseAddrSpec(address);
      const displayName = name !== '' ? name : decodeWords(this.#comments.at(-1) ?? '');
      if (mailbox.ok) return { kind: 'mailbox', displayName, mailbox: mailbox.value };
      const text = address.trim();
      return text === '' && displayName === ''
        ? undefined
        : { kind: 'text', text, displayName, reason: mailbox.reason };
    }
    const plain = this.#plain.trim();
    if (plain === '' && name === '') return undefined;
    if (!plain.includes('@'))
      return { kind: 'text', text: name, displayName: '', reason: 'the address has no @' };
    const mailbox = parseAddrSpec(plain);
    if (mailbox.ok) {
      const displayName = decodeWords(this.#comments.at(-1) ?? '');
      return { kind: 'mailbox', displayName, mailbox: mailbox.value };
    }
    return nameBeforeAddress(plain) ?? { kind: 'text', text: name, displayName: '', reason: mailbox.reason };
  }
}

/** The everyday case, one ASCII address with nothing around it, without the reader's bookkeeping. */
function simpleAddress(text: string): AddressEntry | undefined {
  const match = /^\s*<?([A-Za-z0-9._%+-]+)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)>?\s*$/.exec(text);
  if (match === null || text.includes('<') !== text.includes('>')) return undefined;
  const domain = domainName(match[2]!);
  return domain && { kind: 'mailbox', displayName: '', mailbox: { localPart: match[1]!, domain } };
}

/** `Shop robot@example.com`: a name and an address without brackets, as careless programs join them. */
function nameBeforeAddress(plain: string): AddressEntry | undefined {
  const blank = plain.lastIndexOf(' ');
  if (blank < 0) return undefined;
  const mailbox = parseAddrSpec(plain.slice(blank + 1));
  if (!mailbox.ok) return undefined;
  const displayName = decodeWords(plain.slice(0, blank).trim()).replace(/^"(.*)"$/, '$1');
  return { kind: 'mailbox', displayName, mailbox: mailbox.value };
}

/** RFC 5322 §4.4 obs-route: `@a,@b:user@c` means `user@c`. */
function withoutRoute(text: string): string {
  return /^\s*@[^:]*:/.test(text) ? text.slice(text.indexOf(':') + 1) : text;
}

function withoutComments(text: string): string {
  return text.includes('(') && !text.includes('"') ? text.replace(/\([^()]*\)/g, '') : text;
}

function closingQuote(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return -1;
}

function closingParenthesis(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '(') depth += 1;
    else if (text[at] === ')') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/** The bracket that closes; a quoted local-part may hold others. */
function closingAngle(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const character = text[at];
    if (character === '>') return at;
    if (character === '<') return -1;
    if (character === '"') {
      const close = closingQuote(text, at);
      if (close > 0) at = close;
    }
  }
  return -1;
}
