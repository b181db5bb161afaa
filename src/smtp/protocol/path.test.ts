import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { domainKey, domainName, formatPath, type Mailbox } from '../../envelope/index.ts';
import { canonicalAddress, formatIpv6, parseIpv4, parseIpv6 } from './address-literal.ts';
import { parseForwardPath, parseReversePath } from './path.ts';

/** `local|domain key|rest`, or the reason of the refusal. */
function read(text: string, defaultDomain?: string): string {
  const options = defaultDomain === undefined ? {} : { defaultDomain: domainName(defaultDomain)! };
  const result = parseForwardPath(text, 0, options);
  if (!result.ok) return `no: ${result.reason}`;
  const { path, end } = result.value;
  return `${path.localPart}|${domainKey(path.domain)}|${text.slice(end)}`;
}

const ACCEPTED: Readonly<Record<string, string>> = {
  '<a@b.test>': 'a|b.test|',
  '  <a@B.Test> SIZE=1': 'a|b.test| SIZE=1',
  'a@b.test': 'a|b.test|',
  'a@b.test SIZE=1': 'a|b.test| SIZE=1',
  "<!#$%&'*+-/=?^_`{|}~@b.test>": "!#$%&'*+-/=?^_`{|}~|b.test|",
  '<a.b.c@b.test>': 'a.b.c|b.test|',
  '<"a b"@b.test>': 'a b|b.test|',
  '<"a\\"b\\\\"@b.test>': 'a"b\\|b.test|',
  '<"a@c.test"@b.test>': 'a@c.test|b.test|',
  '<""@b.test>': '|b.test|',
  '<"a..b."@b.test>': 'a..b.|b.test|',
  '<user%other.test@b.test>': 'user%other.test|b.test|',
  '<other.test!user@b.test>': 'other.test!user|b.test|',
  '<@one.test,@two.test:a@b.test>': 'a|b.test|',
  '<@[192.0.2.1]:a@b.test>': 'a|b.test|',
  '<a@[192.0.2.1]>': 'a|[192.0.2.1]|',
  '<a@[IPv6:2001:DB8:0:0::1]>': 'a|[IPv6:2001:db8::1]|',
  '<a@[ipv6:::ffff:192.0.2.1]>': 'a|[IPv6:::ffff:192.0.2.1]|',
  '<a@my_pc.local>': 'a|my_pc.local|',
  '<a@x>': 'a|x|',
  '<a@1x.3com.test>': 'a|1x.3com.test|',
  '<jürgen@b.test>': 'jürgen|b.test|',
  '<a@bücher.test>': 'a|xn--bcher-kva.test|',
  '<a@example。com>': 'a|example.com|',
};

const REFUSED: Readonly<Record<string, string>> = {
  '': 'the local-part is missing',
  '<>': 'the local-part is missing',
  '<a>': 'the domain is missing',
  '<a@>': 'the domain is missing',
  '<@b.test>': "the source route has no ':' at its end",
  '<@b.test,a@c.test>': "a source route must be '@domain,@domain:'",
  '<a@b.test': "the closing '>' is missing",
  '<a@b.test;>': "unexpected character before '>'",
  '<a b@c.test>': 'the domain is missing',
  '<a@b@c.test>': "unexpected character before '>'",
  '<.a@b.test>': 'the local-part begins with a dot',
  '<a.@b.test>': 'the local-part ends in a dot',
  '<a..b@b.test>': 'the local-part has two dots in a row',
  '<a,b@c.test>': 'unexpected character in the local-part',
  '<"a@b.test>': 'the closing quote of the local-part is missing',
  '<"a"b@c.test>': 'unexpected character in the local-part',
  '<"\\é"@b.test>': 'a quoted pair holds a character that it must not',
  '<a@b.test.>': 'the domain ends in a dot',
  '<a@.b.test>': 'the domain has an empty label',
  '<a@b..test>': 'the domain has an empty label',
  '<a@-b.test>': 'a label of the domain begins or ends with a hyphen',
  '<a@b-.test>': 'a label of the domain begins or ends with a hyphen',
  '<a@b.test-dash->': 'a label of the domain begins or ends with a hyphen',
  '<a@192.0.2.1>': 'an address must stand in brackets, [192.0.2.1]',
  '<a@１９２.0.2.1>': 'an address must stand in brackets, [192.0.2.1]',
  '<a@b.123>': 'an address must stand in brackets, [192.0.2.1]',
  '<a@[192.0.2.1>': "the closing ']' of the address literal is missing",
  '<a@[192.0.2.256]>': 'the address literal is neither [IPv4] nor [IPv6:address]',
  '<a@[192.0.2.01]>': 'the address literal is neither [IPv4] nor [IPv6:address]',
  '<a@[2001:db8::1]>': 'the address literal is neither [IPv4] nor [IPv6:address]',
  '<a@[IPv6:2001:db8:::1]>': 'the address literal is neither [IPv4] nor [IPv6:address]',
  '<a@[x400:c=us]>': 'the address literal is neither [IPv4] nor [IPv6:address]',
  '<a@b.test>x': 'x',
  [`<a@${'x'.repeat(64)}.test>`]: 'a label of the domain is longer than 63 octets',
  [`<${'x'.repeat(249)}@b.test>`]: 'the path is longer than 256 octets',
  [`<${'é'.repeat(125)}@b.test>`]: 'the path is longer than 256 octets',
  '<a@b\u2028.test>': 'the domain name is not valid',
};

for (const [text, expected] of Object.entries(ACCEPTED))
  test(`reads the path ${text}`, () => assert.equal(read(text), expected));
for (const [text, reason] of Object.entries(REFUSED)) {
  if (reason !== 'x')
    test(`refuses the path ${text.slice(0, 40)}: ${reason}`, () => assert.equal(read(text), `no: ${reason}`));
}

test('gives a bare local-part the default domain', () => {
  assert.equal(read('<Postmaster>', 'b.test'), 'Postmaster|b.test|');
  assert.equal(read('user SIZE=1', 'b.test'), 'user|b.test| SIZE=1');
  assert.equal(read('<"a b">', 'b.test'), 'a b|b.test|');
});

test('reads the null reverse-path in MAIL alone', () => {
  const result = parseReversePath(' <> SIZE=1', 0);
  assert.ok(result.ok && formatPath(result.value.path) === '<>' && result.value.end === 3);
});

test('marks what needs SMTPUTF8', () => {
  const international = (text: string): boolean => {
    const result = parseForwardPath(text, 0);
    return result.ok && result.value.isInternational;
  };
  assert.equal(international('<jürgen@b.test>'), true);
  assert.equal(international('<"ü"@b.test>'), true);
  assert.equal(international('<a@bücher.test>'), true);
  assert.equal(international('<a@b.test>'), false);
});

test('a path that was printed reads back as the same', () => {
  const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,6}[a-z0-9])?$/);
  const name = fc
    .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.constantFrom('test', 'example'))
    .map(([labels, top]) => domainName([...labels, top].join('.'))!);
  const localPart = fc
    .string({ unit: 'grapheme', minLength: 0, maxLength: 30 })
    .map((text) => text.replace(/[\p{Cc}\u2028\u2029\ud800-\udfff]/gu, '').toWellFormed());
  fc.assert(
    fc.property(localPart, name, (text, domain) => {
      const path: Mailbox = { localPart: text, domain };
      const written = formatPath(path);
      // A backslash before a character outside ASCII is no quoted pair; printing never makes one.
      const result = parseForwardPath(`${written} X`, 0);
      assert.ok(result.ok, `${written}: ${result.ok ? '' : result.reason}`);
      assert.deepEqual(result.value.path, path);
      assert.equal(result.value.end, written.length);
    }),
  );
});

test('no text makes the parser throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      parseForwardPath(text, 0);
      parseReversePath(`<${text}@${text}>`, 0);
      parseForwardPath(`<@${text}:a@[${text}]>`, 0);
    }),
    { numRuns: 2000 },
  );
});

test('IPv6 text has one canonical form', () => {
  const canonical: Readonly<Record<string, string>> = {
    '2001:0db8:0000:0000:0000:ff00:0042:8329': '2001:db8::ff00:42:8329',
    '::': '::',
    '::1': '::1',
    '1::': '1::',
    '2001:db8:0:1:1:1:1:1': '2001:db8:0:1:1:1:1:1',
    '2001:0:0:1:0:0:0:1': '2001:0:0:1::1',
    '::ffff:192.0.2.1': '::ffff:192.0.2.1',
    '::FFFF:C000:201': '::ffff:192.0.2.1',
  };
  for (const [text, expected] of Object.entries(canonical))
    assert.equal(formatIpv6(parseIpv6(text)!), expected);
  for (const text of [
    '',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '::1%eth0',
    '1:2:3:4:5:6:7::8:',
    '::1.2.3',
    '1.2.3.4::',
  ])
    assert.equal(parseIpv6(text), undefined, text);
  assert.equal(canonicalAddress('::ffff:127.0.0.1'), '127.0.0.1');
  assert.equal(canonicalAddress('fe80::1%eth0'), 'fe80::1');
  assert.equal(parseIpv4('1.2.3'), undefined);
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const groups = parseIpv6(text);
      assert.ok(groups, text);
      assert.deepEqual(parseIpv6(formatIpv6(groups)), groups);
    }),
  );
});
