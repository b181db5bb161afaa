import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageTrace } from '../contract.ts';
import { PackedTrace, packTrace } from './packed-trace.ts';

const at = { atMs: 0.123456789, file: '/a.asp', line: 3 };

test('a trace comes back as it was, whatever kinds of records it has', () => {
  const trace: PageTrace = {
    records: [
      { ...at, kind: 'line', source: 'x = 1' },
      { ...at, kind: 'line', source: 'x = 1' },
      { ...at, kind: 'condition', value: 'True' },
      {
        ...at,
        kind: 'call',
        object: 'Response',
        member: '',
        use: 'call',
        args: ['"0"', '\ud800 \u2028'],
        result: '',
        hresult: -2147352567,
        elapsedMs: 0,
      },
      { ...at, kind: 'error', number: 0, source: '', description: '[object] 1' },
      {
        ...at,
        kind: 'mail',
        object: 'CDO.Message',
        messageId: 'a@b',
        way: { kind: 'smtp', server: 'mx', reply: '250 OK' },
      },
    ],
    dropped: 7,
  };
  const { records, dropped } = new PackedTrace(packTrace(trace));
  assert.deepStrictEqual({ records, dropped }, trace);
  assert.equal(JSON.stringify(new PackedTrace(packTrace(trace))), JSON.stringify(trace));
});

test('a trace that nobody looks at is not read', () => {
  const trace = new PackedTrace('no JSON');
  assert.throws(() => trace.records, SyntaxError);
});

test('a result that is not there is undefined', () => {
  const call = {
    ...at,
    kind: 'call' as const,
    object: 'x',
    member: 'y',
    use: 'put' as const,
    args: [],
    elapsedMs: 1,
  };
  const packed = new PackedTrace(
    packTrace({ records: [{ ...call, result: undefined, hresult: undefined }], dropped: 0 }),
  );
  const [record] = packed.records;
  assert.equal(record?.kind === 'call' && record.result, undefined);
});
