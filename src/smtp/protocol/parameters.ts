/**
 * The parameters of MAIL and RCPT: SIZE, BODY, SMTPUTF8, RET, ENVID, AUTH; NOTIFY and ORCPT.
 * Owns: their grammar and that none is given twice.  Leaves: whether an extension is offered and what limits hold (commands).
 * Fails: a ParameterProblem; never throws.
 * Sources: RFC 5321 §4.1.1.11, §4.1.2; RFC 1870 §3; RFC 6152 §2; RFC 3030 §3; RFC 6531 §3.4; RFC 3461 §4; RFC 4954 §5.
 */
import type { BodyType, NotifyWhen, OriginalRecipient } from '../../envelope/index.ts';
import { decodeUnitext, decodeXtext } from './xtext.ts';

export type ParameterProblem = {
  /** `unknown`: a keyword nobody offered (555). `invalid`: a known keyword with a value that makes no sense (501). */
  readonly problem: 'unknown' | 'invalid';
  /** For the client, printable ASCII. */
  readonly text: string;
};

export type MailParameters = {
  /** SIZE in octets, as the client declares it. */
  readonly declaredBytes?: number;
  readonly body: BodyType;
  readonly smtpUtf8: boolean;
  readonly returnContent?: 'full' | 'headers';
  readonly envelopeId?: string;
  /** AUTH=, decoded; `<>` when the client does not vouch for a submitter. Logged, never trusted. */
  readonly submitter?: string;
};

export type RcptParameters = {
  readonly notify?: NotifyWhen;
  readonly originalRecipient?: OriginalRecipient;
};

export const NO_MAIL_PARAMETERS: MailParameters = { body: '7bit', smtpUtf8: false };
export const NO_RCPT_PARAMETERS: RcptParameters = {};

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads `text` from `at`: nothing, or a blank and parameters separated by blanks. */
export function parseMailParameters(text: string, at: number): MailParameters | ParameterProblem {
  const tail = text.slice(at).trim();
  if (tail === '') return text.length > at && !isBlankAt(text, at) ? NO_BLANK : NO_MAIL_PARAMETERS;
  const found: Writable<MailParameters> = { body: '7bit', smtpUtf8: false };
  return readEach(text, at, tail, (keyword, value) => readMailParameter(found, keyword, value)) ?? found;
}

export function parseRcptParameters(text: string, at: number): RcptParameters | ParameterProblem {
  const tail = text.slice(at).trim();
  if (tail === '') return text.length > at && !isBlankAt(text, at) ? NO_BLANK : NO_RCPT_PARAMETERS;
  const found: Writable<RcptParameters> = {};
  return readEach(text, at, tail, (keyword, value) => readRcptParameter(found, keyword, value)) ?? found;
}

export function isParameterProblem(value: object): value is ParameterProblem {
  return 'problem' in value;
}

const NO_BLANK: ParameterProblem = {
  problem: 'invalid',
  text: 'a blank must stand between path and parameters',
};

function isBlankAt(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x20;
}

function readEach(
  text: string,
  at: number,
  tail: string,
  take: (keyword: string, value: string | undefined) => ParameterProblem | undefined,
): ParameterProblem | undefined {
  if (!isBlankAt(text, at)) return NO_BLANK;
  const seen = new Set<string>();
  for (const word of tail.split(/ +/)) {
    const equals = word.indexOf('=');
    const keyword = (equals < 0 ? word : word.slice(0, equals)).toUpperCase();
    if (!/^[A-Z0-9][A-Z0-9-]*$/.test(keyword)) return invalid('a parameter has no valid keyword');
    if (seen.has(keyword)) return invalid(`${keyword} is given twice`);
    seen.add(keyword);
    const value = equals < 0 ? undefined : word.slice(equals + 1);
    if (value !== undefined && !/^[!-<>-~\x80-\u{10ffff}]+$/u.test(value))
      return invalid(`the value of ${keyword} is not valid`);
    const problem = take(keyword, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function readMailParameter(
  found: Writable<MailParameters>,
  keyword: string,
  value: string | undefined,
): ParameterProblem | undefined {
  switch (keyword) {
    case 'SIZE': {
      // RFC 1870 §3: up to 20 digits. What exceeds exact numbers exceeds every limit too.
      if (value === undefined || !/^[0-9]{1,20}$/.test(value))
        return invalid('SIZE must be a number of octets');
      found.declaredBytes = Number(value);
      return undefined;
    }
    case 'BODY': {
      const body = value?.toLowerCase();
      if (body !== '7bit' && body !== '8bitmime' && body !== 'binarymime')
        return invalid('BODY must be 7BIT, 8BITMIME or BINARYMIME');
      found.body = body;
      return undefined;
    }
    case 'SMTPUTF8':
      if (value !== undefined) return invalid('SMTPUTF8 takes no value');
      found.smtpUtf8 = true;
      return undefined;
    case 'RET': {
      const choice = value?.toUpperCase();
      if (choice !== 'FULL' && choice !== 'HDRS') return invalid('RET must be FULL or HDRS');
      found.returnContent = choice === 'FULL' ? 'full' : 'headers';
      return undefined;
    }
    case 'ENVID': {
      const decoded = value === undefined || value.length > 100 ? undefined : decodeXtext(value);
      if (decoded === undefined) return invalid('ENVID must be xtext of at most 100 characters');
      found.envelopeId = decoded;
      return undefined;
    }
    case 'AUTH': {
      const decoded = value === undefined ? undefined : decodeXtext(value);
      if (decoded === undefined) return invalid('AUTH must be xtext or <>');
      found.submitter = decoded;
      return undefined;
    }
    default:
      return { problem: 'unknown', text: `${shown(keyword)} is not offered` };
  }
}

function readRcptParameter(
  found: Writable<RcptParameters>,
  keyword: string,
  value: string | undefined,
): ParameterProblem | undefined {
  if (keyword === 'NOTIFY') {
    const notify = value === undefined ? undefined : parseNotify(value);
    if (notify === undefined) return invalid('NOTIFY must be NEVER, or a list of SUCCESS, FAILURE, DELAY');
    found.notify = notify;
    return undefined;
  }
  if (keyword === 'ORCPT') {
    const original = value === undefined ? undefined : parseOriginalRecipient(value);
    if (original === undefined) return invalid('ORCPT must be a type, a semicolon and xtext');
    found.originalRecipient = original;
    return undefined;
  }
  return { problem: 'unknown', text: `${shown(keyword)} is not offered` };
}

function parseNotify(value: string): NotifyWhen | undefined {
  const words = value.toUpperCase().split(',');
  // RFC 3461 §4.1: NEVER stands alone.
  if (words.length === 1 && words[0] === 'NEVER') return 'never';
  const when = { success: false, failure: false, delay: false };
  for (const word of words) {
    const key = word.toLowerCase();
    if (key !== 'success' && key !== 'failure' && key !== 'delay') return undefined;
    if (when[key]) return undefined;
    when[key] = true;
  }
  return when;
}

function parseOriginalRecipient(value: string): OriginalRecipient | undefined {
  // RFC 3461 §4.2: at most 500 characters.
  if (value.length > 500) return undefined;
  const semicolon = value.indexOf(';');
  const addressType = value.slice(0, Math.max(semicolon, 0));
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(addressType)) return undefined;
  const encoded = value.slice(semicolon + 1);
  if (encoded === '') return undefined;
  // RFC 6533 §3: the utf-8 type has encodings of its own; xtext is what older clients write.
  const unitext = addressType.toLowerCase() === 'utf-8' ? decodeUnitext(encoded) : undefined;
  const address = unitext ?? decodeXtext(encoded);
  return address === undefined || address === '' ? undefined : { addressType, address };
}

function invalid(text: string): ParameterProblem {
  return { problem: 'invalid', text };
}

function shown(keyword: string): string {
  return keyword.slice(0, 40);
}
