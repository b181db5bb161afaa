/**
 * Prints addresses for header fields.
 * Owns: quoting and encoding of display names, folding between addresses.  Leaves: parsing (address-parser.ts).
 * Sources: RFC 5322 §3.4; RFC 2047 §5 (3); RFC 6532 (with `utf8: true` names stand as they are).
 */
import { formatMailbox, formatMailboxAscii } from '../envelope/index.ts';
import type { NamedMailbox } from './address-parser.ts';
import { encodeWords, needsEncoding, type WordEncoding } from './encoded-word.ts';

export type AddressStyle = WordEncoding & {
  /** Names and domains outside ASCII stand as UTF-8 (a message for SMTPUTF8 peers). */
  readonly utf8?: boolean;
  /** Quote every name and put brackets around every address, as MimeOLE does. */
  readonly mimeOle?: boolean;
};

const PHRASE = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?: [A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/;

/** `Ann <ann@example.com>`, `"Lee, Ann" <…>`, `=?utf-8?Q?…?= <…>` or the address alone. */
export function printAddress(entry: NamedMailbox, style: AddressStyle = {}): string {
  const address = style.utf8 === true ? formatMailbox(entry.mailbox) : formatMailboxAscii(entry.mailbox);
  if (entry.displayName === '') return style.mimeOle === true ? `<${address}>` : address;
  return `${printPhrase(entry.displayName, style)} <${address}>`;
}

/** A display name as a phrase: atoms, a quoted string, or encoded words. */
export function printPhrase(name: string, style: AddressStyle = {}): string {
  const clean = name.replace(/[\r\n\0]+/g, ' ');
  const encode = style.utf8 === true ? /[\x00-\x1f\x7f]|=\?/.test(clean) : needsEncoding(clean);
  if (encode) return encodeWords(clean, style);
  if (style.mimeOle !== true && PHRASE.test(clean)) return clean;
  return `"${clean.replace(/["\\]/g, '\\$&')}"`;
}

/** A list for one field, each address after the first on a line of its own. `separator` is `,\r\n ` unless given. */
export function printAddressList(
  entries: readonly NamedMailbox[],
  style: AddressStyle & { readonly separator?: string } = {},
): string {
  return entries.map((entry) => printAddress(entry, style)).join(style.separator ?? ',\r\n ');
}
