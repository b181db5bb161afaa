import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatMailbox } from '../envelope/index.ts';
import {
  mailboxesOf,
  parseAddress,
  parseAddressList,
  parseAddrSpec,
  parseMailboxes,
} from './address-parser.ts';
import { printAddress, printAddressList } from './address-printer.ts';

const show = (value: string): string[] =>
  parseAddressList(value).map((entry) =>
    entry.kind === 'mailbox'
      ? `${entry.displayName}|${formatMailbox(entry.mailbox)}`
      : entry.kind === 'group'
        ? `${entry.groupName}:${entry.members.map((member) => formatMailbox(member.mailbox)).join()}`
        : `text ${entry.text}`,
  );

test('reads the address forms of real mail', () => {
  const cases: [string, string[]][] = [
    ['robot@example.com', ['|robot@example.com']],
    [' <robot@example.com> ', ['|robot@example.com']],
    ['"Web Robot" <robot@example.com>', ['Web Robot|robot@example.com']],
    ['Web Robot <robot@example.com>', ['Web Robot|robot@example.com']],
    ['robot@example.com (Web Robot)', ['Web Robot|robot@example.com']],
    ['Web Robot robot@example.com', ['Web Robot|robot@example.com']],
    ['a@x.de, b@x.de;c@x.de,', ['|a@x.de', '|b@x.de', '|c@x.de']],
    ['"Lee, Ann" <a@x>, "say \\"hi\\"" <b@x>', ['Lee, Ann|a@x', 'say "hi"|b@x']],
    ['=?utf-8?Q?Gr=C3=BCn?= <g@x>', ['Grün|g@x']],
    ['Dr. J. (Jim) Doe <j@x>', ['Dr. J. Doe|j@x']],
    ['Team: a@x, "B, C" <b@x>;, d@x', ['Team:a@x,b@x', '|d@x']],
    ['undisclosed-recipients:;', ['undisclosed-recipients:']],
    ['whoami', ['text whoami']],
    ['Undisclosed recipients', ['text Undisclosed recipients']],
    ['<@relay.one,@relay.two:user@x>', ['|user@x']],
    ['"john doe"@x', ['|"john doe"@x']],
    ['john . doe @ example . com', ['|john.doe@example.com']],
    ['a@[192.0.2.1], b@[IPv6:2001:DB8:0::1]', ['|a@[192.0.2.1]', '|b@[IPv6:2001:db8::1]']],
    ['用户@例子.中国', ['|用户@例子.中国']],
    ['Half <half@x', ['Half|half@x']],
    ['17" screen <s@x>', ['17" screen|s@x']],
    ['a@@b', ['text a@@b']],
    ['<>', []],
    ['', []],
    [',,;', []],
    ['.dots..here.@docomo.example', ['|".dots..here."@docomo.example']],
    ['"a@b" <c@d>', ['a@b|c@d']],
    ['a@b <c@d>', ['a@b|c@d']],
    ['x: a@b', ['x:a@b']],
  ];
  for (const [written, wanted] of cases) assert.deepEqual(show(written), wanted, written);
});

test('one address is read strictly and refused with the reason', () => {
  const bob = parseAddress('Bob <b@x>');
  assert.equal(bob.ok && formatMailbox(bob.value.mailbox), 'b@x');
  const cases: [string, RegExp][] = [
    ['', /empty/],
    ['a@b, c@d', /more than one/],
    ['g: a@b;', /group/],
    ['nobody', /no @/],
    ['@b', /local-part/],
    ['a@', /domain behind/],
    ['a@b c', /domain name/],
    ['a@[300.1.1.1]', /address literal/],
  ];
  for (const [written, reason] of cases) {
    const result = parseAddress(written);
    assert.equal(result.ok, false, written);
    assert.match(result.ok ? '' : result.reason, reason, written);
  }
  assert.equal(parseAddrSpec('a b@c').ok, false);
  assert.equal(parseAddrSpec('"a\r\nb"@c').ok, false);
});

test('names are quoted or encoded as they need, and lists are folded', () => {
  const [ann] = parseMailboxes('Ann <ann@x.de>');
  const [lee] = parseMailboxes('"Lee, \\"A\\"" <lee@x.de>');
  const [green] = parseMailboxes('Grün <g@münchen.example>');
  assert.equal(printAddress(ann!), 'Ann <ann@x.de>');
  assert.equal(printAddress(ann!, { mimeOle: true }), '"Ann" <ann@x.de>');
  assert.equal(printAddress(lee!), '"Lee, \\"A\\"" <lee@x.de>');
  assert.equal(printAddress(green!), '=?utf-8?Q?Gr=C3=BCn?= <g@xn--mnchen-3ya.example>');
  assert.equal(printAddress(green!, { utf8: true }), '"Grün" <g@münchen.example>');
  assert.equal(printAddress({ displayName: '', mailbox: ann!.mailbox }, { mimeOle: true }), '<ann@x.de>');
  assert.equal(printAddressList([ann!, lee!]), 'Ann <ann@x.de>,\r\n "Lee, \\"A\\"" <lee@x.de>');
  assert.doesNotMatch(printAddress({ displayName: 'x\r\nBcc: y', mailbox: ann!.mailbox }), /[\r\n]/);
});

test('printed addresses read back equal', () => {
  const name = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replace(/\s+/g, ' ').trim());
  const local = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !/[\x00-\x1f\x7f]/.test(text));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, local), { minLength: 1, maxLength: 5 }), (people) => {
      const entries = people.map(([displayName, localPart]) => ({
        displayName: displayName.toWellFormed(),
        mailbox: { localPart, domain: { kind: 'name', text: 'x.example', ascii: 'x.example' } as const },
      }));
      const read = mailboxesOf(parseAddressList(printAddressList(entries)));
      assert.deepEqual(
        read.map((entry) => [entry.displayName, entry.mailbox.localPart]),
        entries.map((entry) => [entry.displayName, entry.mailbox.localPart]),
      );
    }),
  );
});

test('no input makes the parser throw, and time stays in proportion to length', () => {
  const piece = fc.constantFrom(
    '"',
    '(',
    ')',
    '<',
    '>',
    '@',
    ',',
    ';',
    ':',
    '\\',
    'a',
    ' ',
    '[',
    ']',
    '=?',
    '.',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      parseAddressList(pieces.join(''));
      parseAddress(pieces.join(''));
      parseAddrSpec(pieces.join(''));
    }),
    { numRuns: 500 },
  );
  for (const hostile of [
    '"',
    '(',
    '<',
    '[',
    ':',
    '<"',
    '@',
    ' ',
    '\\',
    'a ',
    ',',
    '=?',
    '"a" ',
    '(a)',
    'a@b ',
  ]) {
    assert.ok(Array.isArray(parseAddressList(hostile.repeat(100_000 / hostile.length))), hostile);
  }
});
