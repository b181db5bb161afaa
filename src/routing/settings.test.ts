import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatSmartHost, parseSmartHost } from './settings.ts';

const good: readonly [string, string][] = [
  ['mail.example.net', 'mail.example.net'],
  ['Mail.Example.NET:587', 'mail.example.net:587'],
  ['[192.0.2.7]', '[192.0.2.7]'],
  ['[192.0.2.7]:2525', '[192.0.2.7]:2525'],
  ['192.0.2.7', '[192.0.2.7]'],
  ['192.0.2.7:25', '[192.0.2.7]:25'],
  ['[2001:db8::7]:25', '[2001:db8::7]:25'],
  ['[IPv6:2001:DB8::7]', '[2001:db8::7]'],
  ['2001:db8::7', '[2001:db8::7]'],
  ['[mail.example.net]:25', 'mail.example.net:25'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['mailserver', 'mailserver'],
];
for (const [text, printed] of good) {
  test(`reads the smart host ${text}`, () => {
    const read = parseSmartHost(text);
    assert.ok(read.ok);
    assert.equal(formatSmartHost(read.value), printed);
  });
}

for (const text of [
  '',
  'smtp://mail.example.net',
  'a b',
  'a@b',
  '[]',
  'host:0',
  'host:70000',
  'a..b',
  'host:',
  'a,b',
  '[::g]',
]) {
  test(`refuses the smart host '${text}'`, () => {
    const read = parseSmartHost(text);
    assert.equal(read.ok, false);
  });
}

test('says what is wrong with an URL', () => {
  const read = parseSmartHost('smtps://mail.example.net:465');
  assert.match(read.ok ? '' : read.reason, /not a URL/);
});

test('reads every smart host that it prints, and no text makes it throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
      fc.option(fc.integer({ min: 1, max: 65_535 })),
      (host, port) => {
        const isAddress = /^[\d.]+$|:/.test(host);
        const address = { host: host.toLowerCase(), isAddress, ...(port === null ? {} : { port }) };
        assert.deepEqual(parseSmartHost(formatSmartHost(address)), { ok: true, value: address });
      },
    ),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => typeof parseSmartHost(text).ok === 'boolean'),
  );
});
