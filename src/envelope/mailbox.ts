/**
 * Mailbox, reverse-path and forward-path.
 * Owns: the values and their printed form.  Leaves: parsing (smtp/protocol for paths, message for header fields).
 * Sources: RFC 5321 §4.1.2, §4.5.5; RFC 6531 §3.3.
 */
import { type Domain, domainKey, formatDomain } from './domain.ts';

export type Mailbox = {
  /** The meaning, without quotes: `john doe` for `"john doe"@example.com`. */
  readonly localPart: string;
  readonly domain: Domain;
};

/** The null reverse-path `<>`: there is nobody to report to. */
export const NULL_REVERSE_PATH = { kind: 'null-reverse-path' } as const;

export type ReversePath = Mailbox | typeof NULL_REVERSE_PATH;
export type ForwardPath = Mailbox;

export function isNullReversePath(path: ReversePath): path is typeof NULL_REVERSE_PATH {
  return 'kind' in path;
}

const DOT_STRING = /^[^\x00-\x20"(),:;<>@[\\\]\x7f]+$/;

/** The local-part as SMTP and header fields write it: quoted only when it must be (RFC 5321 §4.1.2, last paragraphs). */
export function formatLocalPart(localPart: string): string {
  const isDotString =
    DOT_STRING.test(localPart) &&
    !localPart.startsWith('.') &&
    !localPart.endsWith('.') &&
    !localPart.includes('..');
  return isDotString ? localPart : `"${localPart.replace(/["\\]/g, '\\$&')}"`;
}

/** `local@domain` as the sender wrote the domain. */
export function formatMailbox(mailbox: Mailbox): string {
  return `${formatLocalPart(mailbox.localPart)}@${formatDomain(mailbox.domain)}`;
}

/** `local@domain` with the domain as A-labels: for a peer without SMTPUTF8. */
export function formatMailboxAscii(mailbox: Mailbox): string {
  return `${formatLocalPart(mailbox.localPart)}@${domainKey(mailbox.domain)}`;
}

/** `<local@domain>` or `<>`. */
export function formatPath(path: ReversePath): string {
  return isNullReversePath(path) ? '<>' : `<${formatMailbox(path)}>`;
}

/** Equal for collapsing duplicates: domains by A-labels, local-parts exactly (RFC 5321 §2.4: they are case-sensitive). */
export function mailboxKey(mailbox: Mailbox): string {
  return `${mailbox.localPart}@${domainKey(mailbox.domain)}`;
}

/** True when the path cannot be sent to a peer without SMTPUTF8. A non-ASCII domain alone has an A-label form. */
export function needsSmtpUtf8(path: ReversePath): boolean {
  return !isNullReversePath(path) && /[^\x00-\x7f]/.test(path.localPart);
}
