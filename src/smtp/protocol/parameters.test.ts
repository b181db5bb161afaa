import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseMailParameters, parseRcptParameters } from './parameters.ts';
import { decodeUnitext, decodeXtext, encodeXtext } from './xtext.ts';

test('reads the parameters of MAIL', () => {
  assert.deepEqual(parseMailParameters(' SIZE=100 body=8bitmime SMTPUTF8 RET=HDRS ENVID=a+2Bb AUTH=<>', 0), {
    declaredBytes: 100,
    body: '8bitmime',
    smtpUtf8: true,
    returnContent: 'headers',
    envelopeId: 'a+b',
    submitter: '<>',
  });
  assert.deepEqual(parseMailParameters('', 0), { body: '7bit', smtpUtf8: false });
  assert.deepEqual(parseMailParameters('   ', 0), { body: '7bit', smtpUtf8: false });
});

test('reads the parameters of RCPT', () => {
  assert.deepEqual(parseRcptParameters(' NOTIFY=SUCCESS,delay ORCPT=rfc822;a+2Bb@c.test', 0), {
    notify: { success: true, failure: false, delay: true },
    originalRecipient: { addressType: 'rfc822', address: 'a+b@c.test' },
  });
  assert.deepEqual(parseRcptParameters(' NOTIFY=NEVER', 0), { notify: 'never' });
  assert.deepEqual(parseRcptParameters(' ORCPT=utf-8;j\\x{FC}rgen@c.test', 0), {
    originalRecipient: { addressType: 'utf-8', address: 'jürgen@c.test' },
  });
});

const INVALID: readonly (readonly [string, string])[] = [
  ['mail', 'SIZE=1'],
  ['mail', ' SIZE'],
  ['mail', ' SIZE='],
  ['mail', ' SIZE=1x'],
  ['mail', ' SIZE=123456789012345678901'],
  ['mail', ' SIZE=1 SIZE=2'],
  ['mail', ' BODY=9BIT'],
  ['mail', ' SMTPUTF8=1'],
  ['mail', ' RET=SOME'],
  ['mail', ' ENVID=a=b'],
  ['mail', ' ENVID=+0A'],
  ['mail', ` ENVID=${'x'.repeat(101)}`],
  ['mail', ' =1'],
  ['mail', ' -X=1'],
  ['rcpt', ' NOTIFY=NEVER,SUCCESS'],
  ['rcpt', ' NOTIFY=SUCCESS,SUCCESS'],
  ['rcpt', ' NOTIFY='],
  ['rcpt', ' ORCPT=a@b.test'],
  ['rcpt', ' ORCPT=rfc822;'],
  ['rcpt', ' ORCPT=rfc822;a+0D+0Ab'],
  ['rcpt', ` ORCPT=rfc822;${'x'.repeat(500)}`],
];
for (const [verb, text] of INVALID)
  test(`refuses ${verb} parameters${text.slice(0, 30)}`, () => {
    const result = verb === 'mail' ? parseMailParameters(text, 0) : parseRcptParameters(text, 0);
    assert.ok('problem' in result && result.problem === 'invalid');
  });

test('tells an unknown parameter from a wrong one', () => {
  const mail = parseMailParameters(' FOO=1', 0);
  assert.deepEqual(mail, { problem: 'unknown', text: 'FOO is not offered' });
  const rcpt = parseRcptParameters(' SIZE=1', 0);
  assert.ok('problem' in rcpt && rcpt.problem === 'unknown');
});

test('xtext survives encoding and holds no control', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) }),
      (text) => {
        assert.equal(decodeXtext(encodeXtext(text)), text);
      },
    ),
  );
  assert.equal(decodeXtext('+0A'), undefined);
  assert.equal(decodeXtext('+7F'), undefined);
  assert.equal(decodeXtext('+2'), undefined);
  assert.equal(encodeXtext('a\nb'), 'a?b');
  assert.equal(decodeUnitext('a\\x{D800}'), undefined);
  assert.equal(decodeUnitext('a\\b'), undefined);
});

test('no parameters make the parser throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      parseMailParameters(` ${text}`, 0);
      parseRcptParameters(` ORCPT=utf-8;${text} NOTIFY=${text}`, 0);
    }),
  );
});
