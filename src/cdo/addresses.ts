/**
 * Address properties: To, From and their like, as programs read and write them.
 * Owns: the normal form of a list, its header form, its mailboxes.  Leaves: parsing and quoting (message).
 * Sources: reference A5.2 (brackets always, names always quoted, a token without @ is a quoted name).
 */
import { formatMailbox, type Mailbox } from '../envelope/index.ts';
import {
  type AddressEntry,
  mailboxesOf,
  type NamedMailbox,
  needsEncoding,
  parseAddressList,
  printAddress,
} from '../message/index.ts';
import type { HeaderWords } from './header-words.ts';
import type { Profile } from './profile.ts';

/** The list as the property gives it back: addresses in their normal form, text for people, joined by comma and blank. */
export function normalAddresses(text: string, profile: Profile): string {
  return parseAddressList(text.replace(/[\r\n\0]+/g, ' '))
    .map((entry) => printEntry(entry, profile, (mailbox) => printPlain(mailbox, profile)))
    .join(', ');
}

/** The list as the header writes it, folded between addresses. */
export function headerAddresses(text: string, profile: Profile, words: HeaderWords): string {
  const separator = profile.layout === 'plain' ? ',\r\n ' : ',\r\n\t';
  return parseAddressList(text)
    .map((entry) => printEntry(entry, profile, (mailbox) => printEncoded(mailbox, profile, words), words))
    .join(separator);
}

/** The mailboxes behind a list, in order; entries without a domain get `defaultDomain`. */
export function addressMailboxes(text: string, defaultDomain: string): Mailbox[] {
  return parseAddressList(text).flatMap((entry) => {
    if (entry.kind !== 'text') return mailboxesOf([entry]).map((named) => named.mailbox);
    const localPart = entry.text.trim();
    if (localPart === '' || localPart.includes('@')) return [];
    return [{ localPart, domain: { kind: 'name', text: defaultDomain, ascii: defaultDomain.toLowerCase() } }];
  });
}

function printEntry(
  entry: AddressEntry,
  profile: Profile,
  print: (mailbox: NamedMailbox) => string,
  words?: HeaderWords,
): string {
  if (entry.kind === 'mailbox') return print(entry);
  if (entry.kind === 'group')
    return `${groupName(entry.groupName, words)}: ${entry.members.map(print).join(', ')};`;
  const name = entry.displayName === '' ? entry.text : `${entry.displayName} ${entry.text}`.trim();
  if (words !== undefined && needsEncoding(name)) return words.phrase(name);
  return profile.layout === 'plain' && /^[\w.-]+$/.test(name) ? name : quoted(name);
}

function groupName(name: string, words: HeaderWords | undefined): string {
  if (words !== undefined && needsEncoding(name)) return words.phrase(name);
  return /^[\w-]+( [\w-]+)*$/.test(name) ? name : quoted(name);
}

/** Names as people read them: never encoded, quoted where the profile or the characters ask for it. */
function printPlain(entry: NamedMailbox, profile: Profile): string {
  return printAddress(entry, { utf8: true, mimeOle: profile.layout !== 'plain' });
}

function printEncoded(entry: NamedMailbox, profile: Profile, words: HeaderWords): string {
  const mimeOle = profile.layout !== 'plain';
  if (!needsEncoding(entry.displayName) && entry.displayName.length < 900)
    return printAddress(entry, { mimeOle, utf8: !isAsciiLocal(entry) });
  const address = printAddress({ ...entry, displayName: '' }, { mimeOle: true, utf8: !isAsciiLocal(entry) });
  return `${words.phrase(entry.displayName)} ${address}`;
}

function isAsciiLocal(entry: NamedMailbox): boolean {
  return !/[^\x00-\x7f]/.test(entry.mailbox.localPart);
}

export function quoted(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

/** The address alone, as x-sender and x-receiver lines have it. */
export function bareAddress(mailbox: Mailbox): string {
  return formatMailbox(mailbox);
}
