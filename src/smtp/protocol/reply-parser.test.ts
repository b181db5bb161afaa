import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Reply } from '../../envelope/index.ts';
import { MAX_REPLY_LINE_BYTES, MAX_REPLY_LINES, ReplyReader } from './reply-parser.ts';

function read(...chunks: readonly (string | Buffer)[]): { replies: Reply[]; garbage: string[] } {
  const replies: Reply[] = [];
  const garbage: string[] = [];
  const reader = new ReplyReader({
    onReply: (reply) => replies.push(reply),
    onGarbage: (reason) => garbage.push(reason),
  });
  for (const chunk of chunks) reader.push(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk);
  return { replies, garbage };
}

const GOOD: readonly (readonly [string, string, readonly Reply[]])[] = [
  ['one line', '250 ok\r\n', [{ code: 250, lines: ['ok'] }]],
  ['a code alone', '250\r\n', [{ code: 250, lines: [''] }]],
  ['a bare LF as line end', '250 ok\n', [{ code: 250, lines: ['ok'] }]],
  ['several lines', '250-a\r\n250-b\r\n250 c\r\n', [{ code: 250, lines: ['a', 'b', 'c'] }]],
  ['an enhanced status', '550 5.1.1 no\r\n', [{ code: 550, status: '5.1.1', lines: ['no'] }]],
  [
    'an enhanced status on each line',
    '550-5.1.1 no\r\n550 5.1.1 really\r\n',
    [{ code: 550, status: '5.1.1', lines: ['no', 'really'] }],
  ],
  ['a status without text', '250 2.0.0\r\n', [{ code: 250, status: '2.0.0', lines: [''] }]],
  ['a status of another class as text', '250 5.1.1 no\r\n', [{ code: 250, lines: ['5.1.1 no'] }]],
  ['a version number as text', '220 2.6.18 linux\r\n', [{ code: 220, status: '2.6.18', lines: ['linux'] }]],
  [
    'two replies',
    '250 a\r\n354 b\r\n',
    [
      { code: 250, lines: ['a'] },
      { code: 354, lines: ['b'] },
    ],
  ],
  ['UTF-8 text', Buffer.from('550 größer\r\n').toString('latin1'), [{ code: 550, lines: ['größer'] }]],
  ['Latin-1 text', '550 gr\xf6\xdfer\r\n', [{ code: 550, lines: ['größer'] }]],
  ['control characters', '550 a\x1b[1m\0b\r\n', [{ code: 550, lines: ['a?[1m?b'] }]],
];
for (const [title, bytes, expected] of GOOD) {
  test(`reads a reply with ${title}`, () =>
    assert.deepEqual(read(bytes), { replies: expected, garbage: [] }));
}

const BAD: readonly (readonly [string, string, RegExp])[] = [
  ['no code', 'hello\r\n', /no SMTP reply: “hello”/],
  ['an empty line', '\r\n', /no SMTP reply/],
  ['two digits', '25\r\n', /no SMTP reply/],
  ['a code below 200', '150 x\r\n', /no SMTP reply/],
  ['a code above 599', '600 x\r\n', /no SMTP reply/],
  ['a letter after the code', '250x\r\n', /no SMTP reply/],
  ['codes that change', '250-a\r\n550 b\r\n', /changes its code from 250 to 550/],
  ['an endless line', `250 ${'x'.repeat(MAX_REPLY_LINE_BYTES)}`, /more than 4096 bytes/],
  ['an endless line in one piece', `250 ${'x'.repeat(MAX_REPLY_LINE_BYTES)}\r\n`, /more than 4096 bytes/],
  ['endless lines', '250-x\r\n'.repeat(MAX_REPLY_LINES + 1), /more than 256 lines/],
];
for (const [title, bytes, expected] of BAD) {
  test(`refuses a reply with ${title}, once, and reads no further`, () => {
    const { replies, garbage } = read(bytes, '250 ok\r\n', 'junk\r\n');
    assert.deepEqual(replies, []);
    assert.equal(garbage.length, 1);
    assert.match(garbage[0]!, expected);
  });
}

test('bounds an endless line that comes in small pieces', () => {
  const { garbage } = read('250 ', ...Array.from({ length: 100 }, () => 'x'.repeat(100)));
  assert.equal(garbage.length, 1);
});

test('reads the same replies for every way of cutting the bytes', () => {
  const stream = '220-a\r\n220 2.0.0 b\r\n250 2.1.0 ok\r\n354\r\n550-5.1.1 x\n550 5.1.1 y\r\n';
  const whole = read(stream);
  assert.equal(whole.replies.length, 4);
  fc.assert(
    fc.property(fc.array(fc.nat({ max: stream.length }), { maxLength: 10 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), stream.length];
      assert.deepEqual(read(...places.slice(1).map((end, n) => stream.slice(places[n], end))), whole);
    }),
  );
});

test('never throws, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (chunks) => {
      read(...chunks.map((chunk) => Buffer.from(chunk)));
    }),
  );
});

test('drops what follows in the same chunk when it is stopped between two replies', () => {
  const replies: number[] = [];
  const reader = new ReplyReader({
    onReply: (reply) => {
      replies.push(reply.code);
      reader.stop();
    },
    onGarbage: () => assert.fail('no garbage'),
  });
  reader.push(Buffer.from('220 go ahead\r\n250-injected\r\n250 AUTH PLAIN\r\n'));
  assert.deepEqual(replies, [220]);
});
