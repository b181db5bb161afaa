/**
 * Paths, mailboxes and domains as SMTP commands write them.
 * Owns: the grammar of reverse-path, forward-path and of the name in HELO and EHLO.
 * Leaves: parameters (parameters.ts), what a domain means to us (relay policy).
 * Fails: ParseFailure with the offset; never throws, whatever the text.
 *
 * Wider than the RFC where senders need it, and nowhere else: the angle brackets may be missing around a plain mailbox,
 * blanks may stand before the path, `_` may stand in a domain (Windows computer names), and a local-part may exceed 64
 * octets while the whole path keeps within 256. Source routes are read and dropped.
 * Sources: RFC 5321 §4.1.2, §4.1.3, §4.5.3.1, appendix C; RFC 6531 §3.3; RFC 5890 §2.3.1.
 */
import { type ParseResult, parsed, unparsed } from '../../base/index.ts';
import {
  type Domain,
  domainName,
  type Mailbox,
  NULL_REVERSE_PATH,
  type ReversePath,
} from '../../envelope/index.ts';
import { parseAddressLiteral, parseIpv4 } from './address-literal.ts';

/** RFC 5321 §4.5.3.1.3, punctuation included. Counted in UTF-8 octets. */
export const MAX_PATH_OCTETS = 256;

export type PathOptions = {
  /**
   * Given to a mailbox without a domain (`<user>`, `<postmaster>`); without it such a mailbox is refused. So are, always,
   * `user%host`, `host!user` and `"user@host"` alone.
   */
  readonly defaultDomain?: Domain;
};

export type PathRead<P> = {
  readonly path: P;
  /** Offset of the first character after the path. */
  readonly end: number;
  /** The path holds characters outside ASCII: legal in a transaction with SMTPUTF8 alone. */
  readonly isInternational: boolean;
};

/** RFC 5321 §4.1.2 atext; characters from U+0080 are added by RFC 6531 §3.3. */
const IS_ATEXT = new Uint8Array(128);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~")
  IS_ATEXT[character.charCodeAt(0)] = 1;
/** Let-dig, hyphen, underscore. */
const IS_LDH = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
  IS_LDH[character.charCodeAt(0)] = 1;

/** The path of MAIL FROM, beginning at `at`: a mailbox or `<>`. */
export function parseReversePath(
  text: string,
  at: number,
  options: PathOptions = {},
): ParseResult<PathRead<ReversePath>> {
  const start = skipBlanks(text, at);
  if (text.startsWith('<>', start))
    return parsed({ path: NULL_REVERSE_PATH, end: start + 2, isInternational: false });
  return parseForwardPath(text, start, options);
}

/** The path of RCPT TO, beginning at `at`. */
export function parseForwardPath(
  text: string,
  at: number,
  options: PathOptions = {},
): ParseResult<PathRead<Mailbox>> {
  const start = skipBlanks(text, at);
  const isBracketed = text.charCodeAt(start) === 0x3c;
  let cursor = isBracketed ? start + 1 : start;
  if (isBracketed && text.charCodeAt(cursor) === 0x40) {
    const afterRoute = skipSourceRoute(text, cursor);
    if (!afterRoute.ok) return afterRoute;
    cursor = afterRoute.value;
  }
  const mailbox = parseMailbox(text, cursor, options);
  if (!mailbox.ok) return mailbox;
  let { end } = mailbox.value;
  if (isBracketed) {
    if (text.charCodeAt(end) !== 0x3e)
      return unparsed(
        end >= text.length ? "the closing '>' is missing" : "unexpected character before '>'",
        end,
      );
    end += 1;
  }
  // Only text that could be too long pays for counting octets.
  if (end - start > MAX_PATH_OCTETS / 4 && Buffer.byteLength(text.slice(start, end)) > MAX_PATH_OCTETS)
    return unparsed(`the path is longer than ${MAX_PATH_OCTETS} octets`, start);
  return parsed({ path: mailbox.value.path, end, isInternational: mailbox.value.isInternational });
}

/** Local-part, `@`, domain. Stops at the first character that can belong to none of them. */
export function parseMailbox(
  text: string,
  at: number,
  options: PathOptions = {},
): ParseResult<PathRead<Mailbox>> {
  const local = text.charCodeAt(at) === 0x22 ? parseQuoted(text, at) : parseDotString(text, at);
  if (!local.ok) return local;
  const { localPart, end } = local.value;
  if (text.charCodeAt(end) !== 0x40) {
    if (!isPathEnd(text, end)) return unparsed('unexpected character in the local-part', end);
    // A name that looks like a route elsewhere is not completed: who wrote it did not mean us.
    if (options.defaultDomain === undefined || /[%!@]/.test(localPart))
      return unparsed('the domain is missing', end);
    return parsed({
      path: { localPart, domain: options.defaultDomain },
      end,
      isInternational: isInternational(localPart),
    });
  }
  const domain = parseDomain(text, end + 1);
  if (!domain.ok) return domain;
  return parsed({
    path: { localPart, domain: domain.value.domain },
    end: domain.value.end,
    isInternational: domain.value.isInternational || isInternational(localPart),
  });
}

/** A domain name or an address literal. */
export function parseDomain(
  text: string,
  at: number,
): ParseResult<{ readonly domain: Domain; readonly end: number; readonly isInternational: boolean }> {
  if (text.charCodeAt(at) === 0x5b) return parseLiteral(text, at);
  let end = at;
  let labelStart = at;
  let hasWide = false;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 0x2e) {
      const reason = labelProblem(text, labelStart, end);
      if (reason !== undefined) return unparsed(reason, labelStart);
      labelStart = end + 1;
    } else if (code >= 0x80) hasWide = true;
    else if (IS_LDH[code] !== 1) break;
  }
  if (end === at) return unparsed('the domain is missing', at);
  // RFC 5321 §2.3.5: a domain is written without a final dot.
  const reason = labelStart === end ? 'the domain ends in a dot' : labelProblem(text, labelStart, end);
  if (reason !== undefined) return unparsed(reason, labelStart);
  const written = text.slice(at, end);
  if (end - at > 255) return unparsed('the domain is longer than 255 octets', at);
  const domain = domainName(written);
  if (domain === undefined) return unparsed('the domain name is not valid', at);
  // What IDNA made of wide characters must itself be a name: `１２７.1` turns into an address, `。。` into empty labels.
  if (hasWide && !isPlainName(domain.ascii)) return unparsed('the domain name is not valid', at);
  if (looksLikeAddress(domain.ascii)) return unparsed('an address must stand in brackets, [192.0.2.1]', at);
  return parsed({ domain, end, isInternational: hasWide });
}

function labelProblem(text: string, start: number, end: number): string | undefined {
  if (start === end) return 'the domain has an empty label';
  if (end - start > 63) return 'a label of the domain is longer than 63 octets';
  if (text.charCodeAt(start) === 0x2d || text.charCodeAt(end - 1) === 0x2d)
    return 'a label of the domain begins or ends with a hyphen';
  return undefined;
}

function isPlainName(ascii: string): boolean {
  return /^(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/.test(ascii);
}

/** No top-level domain is a number (RFC 3696 §2), so such a name is an address that lost its brackets. */
function looksLikeAddress(ascii: string): boolean {
  const last = ascii.charCodeAt(ascii.length - 1);
  return last >= 0x30 && last <= 0x39 && (/(?:^|\.)[0-9]+$/.test(ascii) || parseIpv4(ascii) !== undefined);
}

function parseLiteral(
  text: string,
  at: number,
): ParseResult<{ readonly domain: Domain; readonly end: number; readonly isInternational: boolean }> {
  const close = text.indexOf(']', at);
  if (close < 0) return unparsed("the closing ']' of the address literal is missing", at);
  const domain = parseAddressLiteral(text.slice(at + 1, close));
  if (domain === undefined) return unparsed('the address literal is neither [IPv4] nor [IPv6:address]', at);
  return parsed({ domain, end: close + 1, isInternational: false });
}

type LocalPartRead = { readonly localPart: string; readonly end: number };

function parseDotString(text: string, at: number): ParseResult<LocalPartRead> {
  let end = at;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 0x2e) {
      if (end === at) return unparsed('the local-part begins with a dot', end);
      if (text.charCodeAt(end - 1) === 0x2e) return unparsed('the local-part has two dots in a row', end);
    } else if (code < 0x80 ? IS_ATEXT[code] !== 1 : isWideControl(code)) break;
  }
  if (end === at) return unparsed('the local-part is missing', at);
  if (text.charCodeAt(end - 1) === 0x2e) return unparsed('the local-part ends in a dot', end - 1);
  return parsed({ localPart: text.slice(at, end), end });
}

function parseQuoted(text: string, at: number): ParseResult<LocalPartRead> {
  let localPart = '';
  for (let cursor = at + 1; cursor < text.length; cursor += 1) {
    let code = text.charCodeAt(cursor);
    if (code === 0x22) return parsed({ localPart, end: cursor + 1 });
    if (code === 0x5c) {
      cursor += 1;
      if (cursor >= text.length) break;
      code = text.charCodeAt(cursor);
      // RFC 5321 §4.1.2 quoted-pairSMTP: a backslash may precede ASCII graphics and the blank alone.
      if (code >= 0x7f) return unparsed('a quoted pair holds a character that it must not', cursor);
    }
    if (code < 0x20 || code === 0x7f || isWideControl(code))
      return unparsed('the quoted local-part holds a control character', cursor);
    localPart += text[cursor];
  }
  return unparsed('the closing quote of the local-part is missing', at);
}

/** C1 controls, and the line and paragraph separators that some readers take for line ends. */
function isWideControl(code: number): boolean {
  return (code >= 0x80 && code <= 0x9f) || code === 0x2028 || code === 0x2029;
}

/** RFC 5321 appendix C: `@one,@two:` must be understood and may be ignored. */
function skipSourceRoute(text: string, at: number): ParseResult<number> {
  let cursor = at;
  for (;;) {
    if (text.charCodeAt(cursor) !== 0x40)
      return unparsed("a source route must be '@domain,@domain:'", cursor);
    const domain = parseDomain(text, cursor + 1);
    if (!domain.ok) return domain;
    cursor = domain.value.end;
    const next = text.charCodeAt(cursor);
    if (next !== 0x2c && next !== 0x3a) return unparsed("the source route has no ':' at its end", cursor);
    cursor += 1;
    if (next === 0x3a) return parsed(cursor);
  }
}

function skipBlanks(text: string, at: number): number {
  let cursor = at;
  while (text.charCodeAt(cursor) === 0x20) cursor += 1;
  return cursor;
}

function isPathEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return Number.isNaN(code) || code === 0x3e || code === 0x20;
}

function isInternational(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) >= 0x80) return true;
  return false;
}
