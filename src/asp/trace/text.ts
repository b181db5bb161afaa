/**
 * A trace for people: the request, what went wrong, then line by line what the page did.
 * Owns: wording and layout.  Leaves: what became of mail (the command asks the relay and hands it in).
 */
import type { TraceRecord } from '../contract.ts';
import type { StoredTrace } from './stored-trace.ts';

export type MailRecord = Extract<TraceRecord, { kind: 'mail' }>;

/** What is known of a message now, one line each; by record. */
export type MailWhereabouts = ReadonlyMap<MailRecord, readonly string[]>;

const REASONS = {
  STATUS_CODE: 'its status is in a rule',
  TIME_TAKEN: 'it took long',
  ERROR: 'an error nobody trapped',
  PATH: 'its path is in a rule',
  REQUESTED: 'it was asked for',
} as const;

/** One row per trace: id, time, status, duration, request, what happened. */
export function listRow(trace: StoredTrace): string[] {
  return [
    trace.id,
    new Date(trace.at).toISOString().replace('T', ' ').slice(0, 19),
    statusText(trace),
    `${Math.round(trace.tookMs)} ms`,
    trace.site,
    `${trace.method} ${shortUrl(trace)}`,
    trace.error === undefined
      ? mailsOf(trace).length === 0
        ? ''
        : `${mailsOf(trace).length} mail`
      : `${trace.error.description || trace.error.aspDescription} (${trace.error.file}, line ${trace.error.line})`,
  ].map(visible);
}

export const LIST_HEADING: readonly string[] = [
  'ID',
  'TIME (UTC)',
  'STATUS',
  'TOOK',
  'SITE',
  'REQUEST',
  'WHAT',
];

export function traceText(trace: StoredTrace, whereabouts: MailWhereabouts = new Map()): string {
  const { error } = trace;
  const lines = [
    `${trace.id}  ${trace.method} ${trace.url}`,
    `${new Date(trace.at).toISOString()}  status ${statusText(trace)}  ${trace.tookMs.toFixed(1)} ms  from ${trace.client}  site ${trace.site}`,
    `kept because ${REASONS[trace.reason]}`,
    '',
  ];
  if (error !== undefined)
    lines.push(
      `ERROR  ${error.file}, line ${error.line}: ${error.category} '${hex(error.number)}'`,
      `       ${error.description || error.aspDescription}`,
      '',
    );
  let file = '';
  for (const record of trace.records) {
    if (record.file !== file) {
      ({ file } = record);
      lines.push(file);
    }
    lines.push(...recordLines(record, whereabouts));
  }
  if (trace.dropped > 0) lines.push(`… ${trace.dropped} further records found no room`);
  return lines.map(visible).join('\n');
}

/** What visitors sent must not steer the operator's terminal. */
function visible(line: string): string {
  return line.replace(/\r\n|[\n\r]/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}

function recordLines(record: TraceRecord, whereabouts: MailWhereabouts): string[] {
  const head = `${record.atMs.toFixed(2).padStart(9)}  ${String(record.line).padStart(5)}  `;
  const inner = ' '.repeat(head.length);
  switch (record.kind) {
    case 'line':
      return [`${head}${record.source.trim()}`];
    case 'condition':
      return [`${inner}  ? ${record.value}`];
    case 'call':
    case 'create':
      return [`${inner}  ${callText(record)}`];
    case 'error':
      return [`${inner}  ! ${hex(record.number)} ${record.source}: ${record.description}`];
    case 'warning':
      return [`${inner}  ! warning: ${record.text}`];
    case 'mail':
      return [
        `${inner}  @ mail ${record.messageId} ${wayText(record.way)}`,
        ...(whereabouts.get(record) ?? []).map((line) => `${inner}    ${line}`),
      ];
  }
}

function callText(record: Extract<TraceRecord, { kind: 'call' | 'create' }>): string {
  const sign = record.use === 'put' || record.use === 'putref' ? '<' : '>';
  const isPut = sign === '<';
  const args = isPut ? record.args.slice(0, -1) : record.args;
  const list = args.length === 0 ? '' : `(${args.join(', ')})`;
  const name =
    record.kind === 'create'
      ? `${record.member} ${record.object}`
      : `${record.object}${record.member === '' ? '' : `.${record.member}`}${list}`;
  const value = isPut
    ? ` = ${record.args.at(-1) ?? ''}`
    : record.result === undefined
      ? ''
      : ` → ${record.result}`;
  const failure =
    record.hresult === undefined || record.hresult >= 0 ? '' : `  failed with ${hex(record.hresult)}`;
  const time = record.elapsedMs >= 1 ? `  (${record.elapsedMs.toFixed(1)} ms)` : '';
  return `${sign} ${name}${record.kind === 'create' ? '' : value}${failure}${time}`;
}

function wayText(way: MailRecord['way']): string {
  return way.kind === 'pickup' ? `put into Pickup as ${way.file}` : `sent to ${way.server}: ${way.reply}`;
}

export function mailsOf(trace: StoredTrace): readonly MailRecord[] {
  return trace.records.filter((record): record is MailRecord => record.kind === 'mail');
}

function statusText({ status, subStatus }: StoredTrace): string {
  return subStatus === 0 ? String(status) : `${status}.${subStatus}`;
}

function shortUrl({ url }: StoredTrace): string {
  const path = url.replace(/^https?:\/\/[^/]*/, '');
  return path.length > 60 ? `${path.slice(0, 59)}…` : path;
}

function hex(number: number): string {
  const full = number >= 0 && number <= 0xffff ? 0x800a0000 | number : number;
  return (full >>> 0).toString(16).padStart(8, '0');
}
