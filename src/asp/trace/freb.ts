/**
 * A trace as the XML of Failed Request Tracing, for tools and style sheets that read it.
 * Owns: envelope, events, which provider and name a record has.  Leaves: the trace itself (store).
 *
 * Events of the ASP provider carry the names that Windows documents; script traces carry those of its SCRIPTTRACEINFO
 * enumeration. What Windows did not record – lines, conditions, mail – is told under a provider of our own.
 * Sources: doc "Failed Request Tracing: http trace event structure", doc "Tracing Events Reference", doc "SCRIPTTRACEINFO
 * enumeration".
 */
import { hostname } from 'node:os';
import type { TraceRecord } from '../contract.ts';
import type { StoredTrace } from './stored-trace.ts';

export const ASP_PROVIDER = { name: 'ASP', guid: '{06b94d9a-b15e-456e-a4ef-37c984a2cb4b}' } as const;
export const OWN_PROVIDER = { name: 'Mailroot', guid: '{5f0f5c0e-0d5d-4f0a-9a53-6d6a2f1c7b11}' } as const;

const FREB_NAMESPACE = 'http://schemas.microsoft.com/win/2006/06/iis/freb';
const EVENT_NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';

/** Verbosity levels as FREB numbers them. */
const LEVEL = { general: 0, error: 2, warning: 3, information: 4, verbose: 5 } as const;

type FrebEvent = {
  readonly provider: typeof ASP_PROVIDER | typeof OWN_PROVIDER;
  readonly name: string;
  readonly level: number;
  readonly opcode: number;
  /** Milliseconds from the start of the request. */
  readonly atMs: number;
  readonly data: readonly (readonly [name: string, value: string | number | undefined])[];
};

/** The whole document. */
export function frebXml(trace: StoredTrace): string {
  const events = [
    startEvent(trace),
    ...trace.records.map(recordEvent),
    ...(trace.dropped === 0 ? [] : [droppedEvent(trace)]),
    endEvent(trace),
  ];
  const attributes: readonly (readonly [string, string | number])[] = [
    ['url', trace.url],
    ['siteId', trace.site],
    ['appPoolId', trace.site],
    ['processId', trace.processId],
    ['verb', trace.method],
    ['remoteUserName', trace.user],
    ['userName', trace.user],
    ['tokenUserName', ''],
    ['authenticationType', trace.user === '' ? 'anonymous' : 'Basic'],
    ['activityId', `{${trace.activityId.toUpperCase()}}`],
    ['failureReason', trace.reason],
    ['statusCode', trace.subStatus === 0 ? trace.status : `${trace.status}.${trace.subStatus}`],
    ['triggerStatusCode', trace.status],
    ['timeTaken', Math.round(trace.tookMs)],
    ['xmlns:freb', FREB_NAMESPACE],
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<?xml-stylesheet type='text/xsl' href='freb.xsl'?>",
    `<failedRequest ${attributes.map(([name, value]) => `${name}="${escaped(String(value))}"`).join('\n               ')}>`,
    ...events.map((event) => eventXml(event, trace)),
    '</failedRequest>',
    '',
  ].join('\n');
}

function startEvent(trace: StoredTrace): FrebEvent {
  return {
    provider: ASP_PROVIDER,
    name: 'ASP_START_REQUEST',
    level: LEVEL.general,
    opcode: 1,
    atMs: 0,
    data: [
      ['RequestURL', trace.url],
      ['RequestVerb', trace.method],
      ['RemoteAddress', trace.client],
    ],
  };
}

function endEvent(trace: StoredTrace): FrebEvent {
  return {
    provider: ASP_PROVIDER,
    name: 'ASP_END_REQUEST',
    level: LEVEL.general,
    opcode: 2,
    atMs: trace.tookMs,
    data: [
      ['HttpStatus', trace.status],
      ['HttpSubStatus', trace.subStatus],
      ['TimeTakenMS', Math.round(trace.tookMs)],
    ],
  };
}

function droppedEvent(trace: StoredTrace): FrebEvent {
  return {
    provider: OWN_PROVIDER,
    name: 'RECORDS_DROPPED',
    level: LEVEL.information,
    opcode: 5,
    atMs: trace.records.at(-1)?.atMs ?? 0,
    data: [['Count', trace.dropped]],
  };
}

function recordEvent(record: TraceRecord): FrebEvent {
  const place = [
    ['File', record.file],
    ['Line', record.line],
  ] as const;
  const own = { provider: OWN_PROVIDER, atMs: record.atMs };
  const asp = { provider: ASP_PROVIDER, atMs: record.atMs };
  switch (record.kind) {
    case 'line':
      return {
        ...own,
        name: 'LINE',
        level: LEVEL.verbose,
        opcode: 1,
        data: [...place, ['Source', record.source]],
      };
    case 'condition':
      return {
        ...own,
        name: 'CONDITION',
        level: LEVEL.verbose,
        opcode: 2,
        data: [...place, ['Value', record.value]],
      };
    case 'call':
    case 'create':
      return {
        ...asp,
        name: record.kind === 'create' ? creation(record.member) : 'SCRIPTTRACEINFO_COMCALLEND',
        level: (record.hresult ?? 0) < 0 ? LEVEL.error : LEVEL.verbose,
        opcode: 3,
        data: [
          ...place,
          [record.kind === 'create' ? 'ProgId' : 'Object', record.object],
          ['Member', record.member],
          ['Use', record.use],
          ...record.args.map((arg, at) => [`Argument${at + 1}`, arg] as const),
          ['Result', record.result],
          ['HResult', record.hresult === undefined ? undefined : hexadecimal(record.hresult)],
          ['ElapsedMicroseconds', Math.round(record.elapsedMs * 1000)],
        ],
      };
    case 'error':
      return {
        ...asp,
        name: /compilation/i.test(record.source) ? 'ASP_COMPILE_FAILED' : 'SCRIPT_ERROR',
        ...(/compilation/i.test(record.source) ? {} : own),
        level: LEVEL.error,
        opcode: 4,
        data: [
          ...place,
          ['ErrorCode', hexadecimal(record.number)],
          ['ErrorSource', record.source],
          ['Description', record.description],
        ],
      };
    case 'warning':
      return {
        ...own,
        name: 'WARNING',
        level: LEVEL.warning,
        opcode: 7,
        data: [...place, ['Description', record.text]],
      };
    case 'mail':
      return {
        ...own,
        name: 'MAIL',
        level: LEVEL.information,
        opcode: 6,
        data: [
          ...place,
          ['Object', record.object],
          ['MessageId', record.messageId],
          ...(record.way.kind === 'pickup'
            ? ([['PickupFile', record.way.file]] as const)
            : ([
                ['SmtpServer', record.way.server],
                ['SmtpReply', record.way.reply],
              ] as const)),
        ],
      };
  }
}

function creation(member: string): string {
  return /^getobject$/i.test(member) ? 'SCRIPTTRACEINFO_GETOBJEND' : 'SCRIPTTRACEINFO_CREATEOBJEND';
}

function eventXml(event: FrebEvent, trace: StoredTrace): string {
  const activity = `{${trace.activityId.toUpperCase()}}`;
  const at = new Date(trace.at + event.atMs).toISOString();
  const data = [['ContextId', activity] as const, ...event.data].flatMap(([name, value]) =>
    value === undefined ? [] : [`  <Data Name="${name}">${escaped(String(value))}</Data>`],
  );
  return [
    `<Event xmlns="${EVENT_NAMESPACE}">`,
    ' <System>',
    `  <Provider Name="${event.provider.name}" Guid="${event.provider.guid}"/>`,
    '  <EventID>0</EventID>',
    '  <Version>1</Version>',
    `  <Level>${event.level}</Level>`,
    `  <Opcode>${event.opcode}</Opcode>`,
    '  <Keywords>0x0</Keywords>',
    `  <TimeCreated SystemTime="${at}"/>`,
    `  <Correlation ActivityID="${activity}"/>`,
    `  <Execution ProcessID="${trace.processId}" ThreadID="0"/>`,
    `  <Computer>${escaped(hostname().toUpperCase())}</Computer>`,
    ' </System>',
    ' <EventData>',
    ...data,
    ' </EventData>',
    ' <RenderingInfo Culture="en-US">',
    `  <Opcode>${event.name}</Opcode>`,
    ' </RenderingInfo>',
    '</Event>',
  ].join('\n');
}

function hexadecimal(number: number): string {
  const full = number >= 0 && number <= 0xffff ? 0x800a0000 | number : number;
  return `0x${(full >>> 0).toString(16).padStart(8, '0')}`;
}

/** XML cannot hold control characters; they become a visible sign. Line ends are kept by reference. */
function escaped(text: string): string {
  return text
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '\ufffd',
    )
    .replace(/[&<>"'\r\n\t]/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};
