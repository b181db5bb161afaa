/** An independent parser finds the same contents behind a downgraded message as in the original. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { downgradeBody } from '../../src/message/downgrade.ts';
import { bodyOf } from '../support/claims.ts';
import { type ForeignPart, foreignField, parsedByPython } from '../support/python-mail.ts';

const CRLF = '\r\n';

/** Text without line ends, 8-bit and not; never what looks like a boundary, an encoded word or trailing blanks. */
const words = fc
  .array(fc.constantFrom('Grüße', 'plain', '日本語', 'a=b', '.', 'ñ', 'x'.repeat(90), 'Ωmega', '=20'), {
    minLength: 1,
    maxLength: 8,
  })
  .map((list) => list.join(' '));
const text = fc
  .array(fc.oneof(words, fc.constant(''), fc.constant('y'.repeat(1200))), { maxLength: 6 })
  .map((list) => list.join(CRLF));
const bytes = fc
  .uint8Array({ maxLength: 200 })
  .map((array) => Buffer.from(array.map((byte) => (byte === 10 || byte === 13 || byte === 0 ? 0x80 : byte))));

type Made = { readonly header: string; readonly body: Buffer };

const single: fc.Arbitrary<Made> = fc.oneof(
  text.map((body) => ({
    header: 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit',
    body: Buffer.from(body),
  })),
  text.map((body) => ({
    header: 'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64',
    body: Buffer.from(Buffer.from(body).toString('base64')),
  })),
  bytes.map((body) => ({
    header: 'Content-Type: application/octet-stream; name="plain.bin"\r\nContent-Transfer-Encoding: 8bit',
    body,
  })),
);

function part({ header, body }: Made): Buffer {
  return Buffer.concat([Buffer.from(`${header}\r\n\r\n`), body]);
}

let boundaries = 0;
function multipart(children: readonly Made[]): Made {
  boundaries += 1;
  const boundary = `=_b${boundaries}`;
  const pieces = children.flatMap((child) => [Buffer.from(`${CRLF}--${boundary}${CRLF}`), part(child)]);
  return {
    header: `Content-Type: multipart/mixed; boundary="${boundary}"\r\nContent-Transfer-Encoding: 8bit`,
    body: Buffer.concat([Buffer.from('preamble'), ...pieces, Buffer.from(`${CRLF}--${boundary}--${CRLF}`)]),
  };
}

const made: fc.Arbitrary<Made> = fc.letrec<{ tree: Made }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    single,
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map(multipart),
    fc.tuple(words, tie('tree')).map(([subject, inner]) => ({
      header: 'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit',
      body: Buffer.concat([Buffer.from(`Subject: ${subject}\r\nMIME-Version: 1.0\r\n`), part(inner)]),
    })),
  ),
})).tree;

const message = fc
  .tuple(words, words, made)
  .map(([subject, name, tree]) =>
    Buffer.concat([
      Buffer.from(
        `From: ${name.replace(/[.=]/g, '-')} <ann@shop.test>\r\nSubject: ${subject}\r\nMIME-Version: 1.0\r\n`,
      ),
      part(tree),
      Buffer.from(CRLF),
    ]),
  );

/** Everything that counts of a part: type, decoded text of fields, decoded content. */
function essence(read: ForeignPart): unknown {
  return {
    type: read.type,
    subject: foreignField(read.headers, 'subject')?.replace(/\s+/g, ' '),
    from: foreignField(read.headers, 'from')?.replace(/\s+/g, ' '),
    content: read.content?.toString('latin1').replace(/(\r\n)+$/, ''),
    parts: read.parts?.map(essence),
  };
}

test('contents and fields of 250 generated messages read the same after the downgrade', async () => {
  const originals = fc.sample(message, 250);
  const results: Buffer[] = [];
  for (const [index, original] of originals.entries()) {
    const body = await downgradeBody(bodyOf(original, 1 + (index % 700)), '7bit');
    const chunks: Uint8Array[] = [];
    for await (const chunk of body.chunks()) chunks.push(chunk);
    const result = Buffer.concat(chunks);
    for (const line of result.toString('latin1').split(CRLF)) {
      assert.match(line, /^[\x01-\x7f]*$/);
      assert.ok(line.length <= 998, line);
    }
    results.push(result);
  }
  const before = parsedByPython(originals);
  const after = parsedByPython(results);
  originals.forEach((original, index) => {
    assert.deepEqual(essence(after[index]!), essence(before[index]!), original.toString());
  });
});

test('5 MB with an 8-bit attachment pass in little memory', async () => {
  const line = Buffer.from(`${'ä'.repeat(40)}\r\n`);
  const block = Buffer.concat(Array.from({ length: 800 }, () => line));
  const head = Buffer.from('MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n');
  const blocks = 80;
  const body = {
    bytes: head.length + blocks * block.length,
    small: undefined,
    async *chunks() {
      yield head;
      for (let sent = 0; sent < blocks; sent += 1) yield block;
    },
  };
  const downgraded = await downgradeBody(body, '7bit');
  let bytes = 0;
  let mostHeld = 0;
  for await (const chunk of downgraded.chunks()) {
    bytes += chunk.length;
    mostHeld = Math.max(mostHeld, chunk.length);
  }
  assert.equal(bytes, downgraded.bytes);
  // What is held at one time follows the pieces, not the message.
  assert.ok(mostHeld < 8 * block.length, String(mostHeld));
});
