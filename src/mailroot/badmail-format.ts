/**
 * The badmail triplet: X.BAD (the message), X.BDR (why, for people), X.BDP (envelope and history, as JSON).
 * Owns: names, texts, reason classes and their codes, the JSON form.  Leaves: writing (badmail-writer), reading (badmail-reader).
 * Sources: KB 319285 (the reason text and 0xC00402CE), KB 276347 (0xC00402C7). The old .BDP was binary; ours is JSON.
 */
import type { Envelope } from '../envelope/index.ts';

/** Why a message is in Badmail: the six classes that the old service counted. */
export type BadmailClass =
  | 'Bad Pickup File'
  | 'No Recipients'
  | 'NDR of DSN'
  | 'Hop Count Exceeded'
  | 'Triggered via Event'
  | 'General Failure';

/** deviates: only C7 and CE are known from the old service; the other numbers are ours, in the same family. */
const REASONS: Readonly<Record<BadmailClass, { readonly code: number; readonly sentence: string }>> = {
  'Bad Pickup File': {
    code: 0xc00402ce,
    sentence: 'An error occurred while processing a file in the pickup directory.',
  },
  'No Recipients': {
    code: 0xc00402cf,
    sentence: 'A file in the pickup directory names no recipients.',
  },
  'NDR of DSN': {
    code: 0xc00402c7,
    sentence: 'This message is a delivery status notification that cannot be delivered.',
  },
  'Hop Count Exceeded': {
    code: 0xc00402c8,
    sentence: 'This message passed too many mail servers and could not be returned.',
  },
  'Triggered via Event': {
    code: 0xc00402c9,
    sentence: 'A mail filter or event sink marked this message as bad.',
  },
  'General Failure': {
    code: 0xc00402ca,
    sentence: 'This message can be neither delivered nor returned.',
  },
};

export const BADMAIL_CLASSES = Object.keys(REASONS) as BadmailClass[];

export type BadmailRecord = {
  /** The message's id, or the pickup claim's; names the three files unless `name` does. */
  readonly id: string;
  /** The name of the three files, where one message may have several triplets for different recipients. */
  readonly name?: string;
  readonly reasonClass: BadmailClass;
  /** What exactly was wrong and, where there is one, the cure. One or more sentences. */
  readonly detail: string;
  /** UTC milliseconds. */
  readonly at: number;
  /** Name of the virtual server. */
  readonly server: string;
  /** Absent when it could not be read. */
  readonly envelope?: Envelope;
  /** The name a pickup file had. */
  readonly fileName?: string;
  readonly subject?: string;
  /** What was tried, oldest first. */
  readonly history?: readonly { readonly at: number; readonly text: string }[];
};

export const FORMAT_VERSION = 1;

export function badmailCode(reasonClass: BadmailClass): string {
  return `0x${REASONS[reasonClass].code.toString(16).toUpperCase()}`;
}

/** The text of the .BDR file, CRLF lines. */
export function formatReason(record: BadmailRecord): string {
  const { code, sentence } = REASONS[record.reasonClass];
  return [
    'Unable to deliver this message because the following error was encountered:',
    sentence,
    `The specific error code was 0x${code.toString(16).toUpperCase()}.`,
    '',
    record.detail.replace(/\s+/g, ' '),
    ...(record.fileName === undefined
      ? []
      : [`File in Pickup: ${record.fileName.replace(/[\x00-\x1f]/g, '?')}`]),
    `Time: ${new Date(record.at).toISOString()}`,
    '',
  ].join('\r\n');
}

/** The text of the .BDP file. */
export function formatProperties(record: BadmailRecord): string {
  return `${JSON.stringify({ mailroot: FORMAT_VERSION, code: badmailCode(record.reasonClass), ...record }, null, 1)}\n`;
}

/** The record of a .BDP file; undefined for the binary files of the old service and for damaged or newer ones. */
export function parseProperties(text: string): BadmailRecord | undefined {
  try {
    const {
      mailroot,
      code: _code,
      ...record
    } = JSON.parse(text) as { mailroot?: unknown; code?: unknown } & BadmailRecord;
    const isOurs = mailroot === FORMAT_VERSION && typeof record.id === 'string';
    return isOurs && BADMAIL_CLASSES.includes(record.reasonClass) ? record : undefined;
  } catch {
    return undefined;
  }
}
