import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DOMParser, type Element, onErrorStopParsing } from '@xmldom/xmldom';
import type { TraceRecord } from '../contract.ts';
import { ASP_PROVIDER, frebXml, OWN_PROVIDER } from './freb.ts';
import type { StoredTrace } from './stored-trace.ts';
import { listRow, traceText } from './text.ts';

const at = { atMs: 1.5, file: '/a.asp', line: 3 };
const RECORDS: readonly TraceRecord[] = [
  { ...at, kind: 'line', source: 'If x < 1 && y > "2" Then' },
  { ...at, kind: 'condition', value: 'True' },
  {
    ...at,
    kind: 'create',
    object: 'CDO.Message',
    member: 'CreateObject',
    use: 'create',
    args: [],
    result: '{Message}',
    hresult: undefined,
    elapsedMs: 2.5,
  },
  {
    ...at,
    kind: 'create',
    object: 'x:y',
    member: 'GetObject',
    use: 'create',
    args: [],
    result: undefined,
    hresult: 0x800a01ad | 0,
    elapsedMs: 0.1,
  },
  {
    ...at,
    kind: 'call',
    object: 'Message',
    member: 'Fields',
    use: 'get',
    args: ['"http://x"'],
    result: '{IFields}',
    hresult: undefined,
    elapsedMs: 0.2,
  },
  {
    ...at,
    kind: 'call',
    object: 'Message',
    member: 'To',
    use: 'put',
    args: ['"ann@example.net"'],
    result: undefined,
    hresult: undefined,
    elapsedMs: 0.2,
  },
  {
    ...at,
    kind: 'call',
    object: 'Message',
    member: 'Send',
    use: 'call',
    args: [],
    result: undefined,
    hresult: 0x80040213 | 0,
    elapsedMs: 3,
  },
  {
    ...at,
    kind: 'error',
    number: 0x80040213 | 0,
    source: 'CDO.Message.1',
    description: 'The transport failed\r\nto connect \u0001\ud800.',
  },
  {
    ...at,
    kind: 'error',
    number: 1002,
    source: 'Microsoft VBScript compilation error',
    description: 'Syntax error',
  },
  { ...at, kind: 'mail', object: 'CDO.Message', messageId: 'a@b', way: { kind: 'pickup', file: 'x.eml' } },
  {
    ...at,
    kind: 'mail',
    object: 'CDO.Message',
    messageId: 'c@d',
    way: { kind: 'smtp', server: 'mx.example', reply: '250 2.0.0 ok' },
  },
];
const TRACE: StoredTrace = {
  format: 1,
  id: 'fr000007',
  site: 'shop',
  at: Date.UTC(2026, 0, 2, 3, 4, 5),
  method: 'POST',
  url: 'http://shop.example:80/a.asp?x=1&y="2"',
  path: '/a.asp',
  client: '192.0.2.1',
  user: '',
  status: 500,
  subStatus: 100,
  tookMs: 12.4,
  reason: 'STATUS_CODE',
  activityId: '01234567-89ab-cdef-0123-456789abcdef',
  processId: 42,
  records: RECORDS,
  dropped: 2,
  error: {
    aspCode: '',
    number: 0x80040213 | 0,
    category: 'CDO.Message.1',
    description: 'The transport failed to connect.',
    aspDescription: '',
    file: '/a.asp',
    line: 3,
    column: -1,
    source: '',
  },
};

const EVENT = 'http://schemas.microsoft.com/win/2004/08/events/event';

function parsed(trace: StoredTrace): Element {
  const document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(frebXml(trace), 'text/xml');
  return document.documentElement!;
}

function all(element: Element, name: string): Element[] {
  return Array.from(element.getElementsByTagNameNS(EVENT, name));
}

describe('a trace as XML of Failed Request Tracing', () => {
  const root = parsed(TRACE);
  const events = all(root, 'Event');
  const nameOf = (event: Element): string =>
    all(all(event, 'RenderingInfo')[0]!, 'Opcode')[0]!.textContent ?? '';
  const dataOf = (event: Element): Record<string, string> =>
    Object.fromEntries(
      all(event, 'Data').map((data) => [data.getAttribute('Name')!, data.textContent ?? '']),
    );

  it('has the envelope with every attribute', () => {
    assert.equal(root.tagName, 'failedRequest');
    const expected: Record<string, string> = {
      url: TRACE.url,
      siteId: 'shop',
      appPoolId: 'shop',
      processId: '42',
      verb: 'POST',
      remoteUserName: '',
      userName: '',
      tokenUserName: '',
      authenticationType: 'anonymous',
      activityId: '{01234567-89AB-CDEF-0123-456789ABCDEF}',
      failureReason: 'STATUS_CODE',
      statusCode: '500.100',
      triggerStatusCode: '500',
      timeTaken: '12',
      'xmlns:freb': 'http://schemas.microsoft.com/win/2006/06/iis/freb',
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(root.getAttribute(name), value, name);
    assert.equal(root.attributes.length, Object.keys(expected).length);
    assert.match(
      frebXml(TRACE),
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<\?xml-stylesheet type='text\/xsl' href='freb.xsl'\?>/,
    );
  });

  it('has one event per record between start and end, in order, under documented names', () => {
    assert.deepEqual(events.map(nameOf), [
      'ASP_START_REQUEST',
      'LINE',
      'CONDITION',
      'SCRIPTTRACEINFO_CREATEOBJEND',
      'SCRIPTTRACEINFO_GETOBJEND',
      'SCRIPTTRACEINFO_COMCALLEND',
      'SCRIPTTRACEINFO_COMCALLEND',
      'SCRIPTTRACEINFO_COMCALLEND',
      'SCRIPT_ERROR',
      'ASP_COMPILE_FAILED',
      'MAIL',
      'MAIL',
      'RECORDS_DROPPED',
      'ASP_END_REQUEST',
    ]);
    assert.equal(all(parsed({ ...TRACE, records: [], dropped: 0 }), 'Event').length, 2);
  });

  it('gives every event the system part in its order', () => {
    for (const event of events) {
      assert.deepEqual(
        Array.from(event.childNodes)
          .filter((node) => node.nodeType === 1)
          .map((node) => node.nodeName),
        ['System', 'EventData', 'RenderingInfo'],
      );
      const system = all(event, 'System')[0]!;
      assert.deepEqual(
        Array.from(system.childNodes)
          .filter((node) => node.nodeType === 1)
          .map((node) => node.nodeName),
        [
          'Provider',
          'EventID',
          'Version',
          'Level',
          'Opcode',
          'Keywords',
          'TimeCreated',
          'Correlation',
          'Execution',
          'Computer',
        ],
      );
      const provider = all(system, 'Provider')[0]!;
      const known = [ASP_PROVIDER, OWN_PROVIDER].find(({ name }) => name === provider.getAttribute('Name'));
      assert.equal(provider.getAttribute('Guid'), known?.guid);
      assert.equal(all(system, 'EventID')[0]!.textContent, '0');
      assert.match(
        all(system, 'TimeCreated')[0]!.getAttribute('SystemTime')!,
        /^2026-01-02T03:04:05\.\d{3}Z$/,
      );
      assert.equal(
        all(system, 'Correlation')[0]!.getAttribute('ActivityID'),
        root.getAttribute('activityId'),
      );
      assert.equal(dataOf(event)['ContextId'], root.getAttribute('activityId'));
      assert.equal(all(event, 'RenderingInfo')[0]!.getAttribute('Culture'), 'en-US');
    }
  });

  it('tells the records of the ASP provider from those that Windows never had', () => {
    const own = events.filter((event) => all(event, 'Provider')[0]!.getAttribute('Name') === 'Mailroot');
    assert.deepEqual([...new Set(own.map(nameOf))].sort(), [
      'CONDITION',
      'LINE',
      'MAIL',
      'RECORDS_DROPPED',
      'SCRIPT_ERROR',
    ]);
  });

  it('keeps what was recorded, whatever characters it holds', () => {
    assert.deepEqual(dataOf(events[1]!), {
      ContextId: root.getAttribute('activityId')!,
      File: '/a.asp',
      Line: '3',
      Source: 'If x < 1 && y > "2" Then',
    });
    const call = dataOf(events[7]!);
    assert.equal(call['Object'], 'Message');
    assert.equal(call['Member'], 'Send');
    assert.equal(call['HResult'], '0x80040213');
    assert.equal(call['ElapsedMicroseconds'], '3000');
    assert.equal(dataOf(events[5]!)['Argument1'], '"http://x"');
    assert.equal(dataOf(events[8]!)['Description'], 'The transport failed\r\nto connect \ufffd\ufffd.');
    assert.equal(dataOf(events[9]!)['ErrorCode'], '0x800a03ea');
    assert.equal(dataOf(events[10]!)['PickupFile'], 'x.eml');
    assert.equal(dataOf(events[11]!)['SmtpReply'], '250 2.0.0 ok');
  });
});

describe('a trace as text', () => {
  it('shows the request, the error and every record under its file', () => {
    const mail = RECORDS[9] as Extract<TraceRecord, { kind: 'mail' }>;
    assert.equal(
      traceText(TRACE, new Map([[mail, ['0123456789abcdef, in the queue']]])),
      [
        'fr000007  POST http://shop.example:80/a.asp?x=1&y="2"',
        '2026-01-02T03:04:05.000Z  status 500.100  12.4 ms  from 192.0.2.1  site shop',
        'kept because its status is in a rule',
        '',
        "ERROR  /a.asp, line 3: CDO.Message.1 '80040213'",
        '       The transport failed to connect.',
        '',
        '/a.asp',
        '     1.50      3  If x < 1 && y > "2" Then',
        '                    ? True',
        '                    > CreateObject CDO.Message  (2.5 ms)',
        '                    > GetObject x:y  failed with 800a01ad',
        '                    > Message.Fields("http://x") → {IFields}',
        '                    < Message.To = "ann@example.net"',
        '                    > Message.Send  failed with 80040213  (3.0 ms)',
        '                    ! 80040213 CDO.Message.1: The transport failed to connect \ufffd\ud800.',
        '                    ! 800a03ea Microsoft VBScript compilation error: Syntax error',
        '                    @ mail a@b put into Pickup as x.eml',
        '                      0123456789abcdef, in the queue',
        '                    @ mail c@d sent to mx.example: 250 2.0.0 ok',
        '… 2 further records found no room',
      ].join('\n'),
    );
  });

  it('lists a trace in one row', () => {
    assert.deepEqual(listRow(TRACE), [
      'fr000007',
      '2026-01-02 03:04:05',
      '500.100',
      '12 ms',
      'shop',
      'POST /a.asp?x=1&y="2"',
      'The transport failed to connect. (/a.asp, line 3)',
    ]);
    assert.equal(listRow({ ...TRACE, error: undefined }).at(-1), '2 mail');
    assert.equal(listRow({ ...TRACE, error: undefined, records: [] }).at(-1), '');
  });
});
