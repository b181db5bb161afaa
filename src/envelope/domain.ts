/**
 * Domain: the part of a mailbox after the at-sign, as a value that can be compared.
 * Owns: the two kinds (name, address literal), comparison form, printing.  Leaves: parsing (smtp/protocol, message), DNS.
 * Sources: RFC 5321 §2.3.5, §4.1.3; RFC 5891 (A-labels).
 */
import { domainToASCII } from 'node:url';

export type DomainName = {
  readonly kind: 'name';
  /** As the sender wrote it, without a trailing dot; may hold U-labels. */
  readonly text: string;
  /** Lower-case A-labels: what is compared, routed and looked up. */
  readonly ascii: string;
};

export type AddressLiteral = {
  readonly kind: 'literal';
  readonly family: 4 | 6;
  /** The address alone, without brackets and without the `IPv6:` tag, in canonical form. */
  readonly address: string;
};

export type Domain = DomainName | AddressLiteral;

/** A domain name from text that a parser has accepted; undefined when it has no A-label form. */
export function domainName(text: string): DomainName | undefined {
  const written = text.endsWith('.') ? text.slice(0, -1) : text;
  // The common case, plain lower-case ASCII, must not pay for the IDNA tables.
  const ascii = /^[a-z0-9._-]+$/.test(written) ? written : asciiForm(written);
  return ascii === '' || ascii.length > 255 ? undefined : { kind: 'name', text: written, ascii };
}

function asciiForm(written: string): string {
  if (/^[\x21-\x7e]+$/.test(written)) return written.toLowerCase();
  return domainToASCII(written);
}

/** The form for comparing, grouping and storing: `example.com`, `[192.0.2.1]`, `[IPv6:2001:db8::1]`. */
export function domainKey(domain: Domain): string {
  if (domain.kind === 'name') return domain.ascii;
  return domain.family === 4 ? `[${domain.address}]` : `[IPv6:${domain.address}]`;
}

/** The form for people and for SMTPUTF8 peers. */
export function formatDomain(domain: Domain): string {
  return domain.kind === 'name' ? domain.text : domainKey(domain);
}
