/**
 * An event as text for each kind of destination.
 * Owns: priorities, the line of RFC 5424, the line of local sockets, the JSON for the Windows event log.
 * Every form is one line without control characters: a field from a foreign message cannot forge a second entry.
 * Sources: RFC 5424 §6 (form), §6.2.1 (priority), §6.4 (byte order mark); doc "sd-daemon" (`<n>` prefixes);
 * doc "EventLog.WriteEntry" (31,839 characters).
 */
import type { LogLevel } from '../../base/index.ts';
import type { ToldEvent } from './destination.ts';

/** Facility 2: the mail system. */
const MAIL = 2;
const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 7, info: 6, warn: 4, error: 3 };
const APPLICATION = 'mailroot';
/** RFC 5424 §6.1: receivers should take 2048 octets. */
const LONGEST_BYTES = 2048;
const LONGEST_WINDOWS = 16_000;

/** `outcome.deferred source=smtpsvc id=4000 domain=example.com …`. */
export function eventText({ name, fields, windows }: ToldEvent): string {
  const all = { ...(windows !== undefined && { source: windows.source, id: windows.id }), ...fields };
  let text = name;
  for (const [field, value] of Object.entries(all)) {
    if (value === undefined) continue;
    const shown = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    text += ` ${field}=${/[\s"=\x00-\x1f\x7f]/.test(shown) ? JSON.stringify(shown) : shown}`;
  }
  // JSON has no escape for DEL and the line separators of Unicode.
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, '?');
}

export type Sender = { readonly host: string; readonly pid: number };

/** For a syslog server: `<20>1 2026-11-22T01:02:03.004Z host mailroot 812 outcome.deferred - text`. */
export function syslogLine(event: ToldEvent, { host, pid }: Sender): string {
  const { at, level, name } = event;
  const header = [
    `<${MAIL * 8 + SEVERITY[level]}>1`,
    new Date(at).toISOString(),
    word(host, 255),
    APPLICATION,
    pid,
    word(name, 32),
    '-',
  ].join(' ');
  const text = eventText(event);
  // RFC 5424 §6.4: text in UTF-8 begins with the byte order mark; plain ASCII need not.
  const isAscii = /^[\x20-\x7e]*$/.test(text);
  return cut(`${header} ${isAscii ? '' : '\ufeff'}${text}`, LONGEST_BYTES);
}

/** Printable ASCII without blanks, never empty. */
function word(text: string, longest: number): string {
  return text.replace(/[^\x21-\x7e]/g, '?').slice(0, longest) || '-';
}

/** For a program or a stream that takes its priority from the beginning of the line: `<4>text`, with the facility or without. */
export function prefixedLine(event: ToldEvent, facility: 'mail' | 'none'): string {
  const priority = SEVERITY[event.level] + (facility === 'mail' ? MAIL * 8 : 0);
  return `${cut(`<${priority}>${eventText(event)}`, LONGEST_BYTES)}\n`;
}

const ENTRY_TYPES = {
  error: 'Error',
  warning: 'Warning',
  information: 'Information',
  'failure audit': 'FailureAudit',
} as const;
const BY_LEVEL = { debug: 'information', info: 'information', warn: 'warning', error: 'error' } as const;

/** One line of JSON in ASCII for the program that writes to the Windows event log. Events without a number get id 1. */
export function windowsLine(event: ToldEvent): string {
  const { level, windows } = event;
  const text = eventText(event);
  const entry = {
    type: ENTRY_TYPES[windows?.severity ?? BY_LEVEL[level]],
    id: windows?.id ?? 1,
    text: (windows === undefined ? text : `${windows.meaning} ${text}`).slice(0, LONGEST_WINDOWS),
  };
  const json = JSON.stringify(entry);
  return `${json.replace(/[\x7f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** At most so many bytes of UTF-8, never half a character. */
function cut(text: string, longest: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= longest) return text;
  let end = longest;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString();
}
