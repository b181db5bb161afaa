import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChunkReader, DataReader, type LineEndPolicy } from './data-reader.ts';

type Outcome = { end: string; content: string; rest: string; fault: string | undefined };

function readAll(chunks: readonly string[], lineEnds: LineEndPolicy = 'refuse'): Outcome {
  const reader = new DataReader(lineEnds);
  let content = '';
  for (const [index, chunk] of chunks.entries()) {
    const bytes = Buffer.from(chunk, 'latin1');
    const end = reader.read(bytes, (piece) => {
      content += piece.toString('latin1');
    });
    if (end !== 'more') {
      const rest = chunk.slice(reader.used) + chunks.slice(index + 1).join('');
      return { end, content: reader.fault ? '' : content, rest, fault: reader.fault };
    }
    assert.equal(reader.used, bytes.length);
  }
  return { end: 'more', content: reader.fault ? '' : content, rest: '', fault: reader.fault };
}

/** The rules of RFC 5321 §4.5.2 in the plainest form: the judge of the fast reader. */
function oracle(text: string): Outcome {
  const lines = text.split('\r\n');
  let content = '';
  let used = 0;
  for (const [index, line] of lines.entries()) {
    if (index === lines.length - 1) return { end: 'more', content, rest: '', fault: undefined };
    used += line.length + 2;
    if (line === '.') return { end: 'end', content, rest: text.slice(used), fault: undefined };
    content += `${line.startsWith('.') ? line.slice(1) : line}\r\n`;
  }
  throw new Error('unreachable');
}

const cuts = (text: string, at: readonly number[]): string[] => {
  const points = [...new Set(at.map((point) => point % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...points].map((from, index) => text.slice(from, points[index] ?? text.length));
};

test('ends at CRLF . CRLF alone and removes one dot per stuffed line', () => {
  assert.deepEqual(readAll(['.\r\nQUIT\r\n']), {
    end: 'end',
    content: '',
    rest: 'QUIT\r\n',
    fault: undefined,
  });
  assert.deepEqual(readAll(['a\r\n..b\r\n...\r\nc.\r\n.\r\n']), {
    end: 'end',
    content: 'a\r\n.b\r\n..\r\nc.\r\n',
    rest: '',
    fault: undefined,
  });
  assert.equal(readAll(['..\r\n.x\r\n.\r\n']).content, '.\r\nx\r\n');
});

test('gives the same content as the plain rules, however the bytes are cut', () => {
  const line = fc.oneof(
    fc.constantFrom('.', '..', '...', '.a', '', 'a', 'a.', '. ', 'Subject: x', '\xff.'),
    fc.string({ maxLength: 12 }).map((text) => text.replace(/[\r\n\0]/g, '')),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.nat(400), { maxLength: 12 }), (lines, at) => {
      const text = lines
        .map((each) => `${each}\r\n`)
        .join('')
        .replace(/[^\x00-\xff]/g, '?');
      const expected = oracle(text);
      const actual = readAll(cuts(text, at));
      assert.equal(actual.end, expected.end);
      assert.equal(actual.rest, expected.rest);
      assert.equal(actual.fault, undefined);
      if (expected.end === 'end') assert.equal(actual.content, expected.content);
      else assert.ok(expected.content.startsWith(actual.content));
    }),
    { numRuns: 3000 },
  );
});

test('no sequence of CR, LF, dot and NUL ends a message before CRLF . CRLF, at any cut', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('\r', '\n', '.', '\0', 'x', '\r\n', '\r\n.\r\n'), maxLength: 14 }),
      fc.array(fc.nat(40), { maxLength: 6 }),
      fc.constantFrom<LineEndPolicy>('refuse', 'normalize'),
      (tail, at, lineEnds) => {
        const text = `a\r\n${tail}`;
        const result = readAll(cuts(text, at), lineEnds);
        const whole = readAll([text], lineEnds);
        assert.deepEqual(result, whole, 'cuts change nothing');
        const strictEnd = text.indexOf('\r\n.\r\n');
        if (result.end === 'end') assert.equal(text.length - result.rest.length, strictEnd + 5);
        else if (result.end === 'more') assert.equal(strictEnd, -1);
        else assert.ok(result.fault, 'a lenient end is told of a message with a fault alone');
        if (result.end === 'lenient-end')
          assert.match(text.slice(0, text.length - result.rest.length), /[\r\n]\.[\r\n].?$/s);
        if (lineEnds === 'normalize') {
          assert.equal(result.fault, undefined);
          assert.doesNotMatch(result.content, /(?<!\r)\n|\r(?!\n)|\0/);
        } else if (result.fault === undefined) {
          const body = text.slice(0, text.length - result.rest.length);
          assert.doesNotMatch(body, /(?<!\r)\n|\r(?!\n|$)|\0/);
        }
      },
    ),
    { numRuns: 10_000 },
  );
});

for (const [name, smuggled] of Object.entries({
  'LF . LF': '\n.\n',
  'LF . CRLF': '\n.\r\n',
  'CRLF . LF': '\r\n.\n',
  'CR . CR': '\r.\rX',
  'CRLF . CR': '\r\n.\rX',
  'CR . CRLF': '\r.\r\n',
  'CR . LF': '\r.\n',
  'LF . CR': '\n.\rX',
})) {
  test(`${name} is no end of data, and what follows is not kept`, () => {
    const text = `Subject: a\r\n\r\nbody${smuggled}MAIL FROM:<evil@example.com>\r\n`;
    for (let cut = 0; cut <= text.length; cut += 1) {
      const result = readAll([text.slice(0, cut), text.slice(cut)]);
      assert.equal(result.end, 'lenient-end');
      assert.equal(result.fault, 'bare-line-end');
    }
    const normalized = readAll([text, '\r\n.\r\n'], 'normalize');
    assert.equal(normalized.end, 'end');
    assert.match(normalized.content, /body\r\n\.\r\nX?MAIL FROM/);
  });
}

test('NUL beside the dot neither ends the message nor lets it pass', () => {
  for (const text of ['a\r\n\0.\r\n', 'a\r\n.\0\r\n', 'a\r\0\n.\r\n', 'a\r\n.\r\0\n', 'a\r\n.\0']) {
    for (let cut = 0; cut <= text.length; cut += 1) {
      const result = readAll([text.slice(0, cut), text.slice(cut)]);
      assert.notEqual(result.end, 'end');
      assert.ok(result.fault);
    }
  }
  assert.equal(readAll(['a\r\n\0.\r\nb\r\n.\r\n'], 'normalize').content, 'a\r\n.\r\nb\r\n');
});

test('a message with a fault is swallowed to its end and the session can go on', () => {
  const result = readAll(['a\nb\r\nlong text\r\n.\r\nRSET\r\n']);
  assert.deepEqual(result, { end: 'end', content: '', rest: 'RSET\r\n', fault: 'bare-line-end' });
});

test('normalizes an LF-only text to CRLF lines in few pieces', () => {
  const reader = new DataReader('normalize');
  const pieces: Buffer[] = [];
  assert.equal(
    reader.read(Buffer.from(`${'line\n'.repeat(10_000)}\r\n.\r\n`), (piece) => pieces.push(piece)),
    'end',
  );
  assert.equal(Buffer.concat(pieces).toString(), `${'line\r\n'.repeat(10_000)}\r\n`);
  assert.ok(pieces.length < 5);
});

test('BDAT text keeps its bytes, refuses lone CR and LF, and gets a last CRLF', () => {
  const run = (chunks: readonly string[], lineEnds: LineEndPolicy): string => {
    const reader = new ChunkReader(lineEnds);
    let content = '';
    const emit = (piece: Buffer): void => {
      content += piece.toString('latin1');
    };
    for (const chunk of chunks) reader.read(Buffer.from(chunk, 'latin1'), emit);
    reader.finish(emit);
    return reader.fault ?? content;
  };
  assert.equal(run(['a\r', '\n.\r\nb'], 'refuse'), 'a\r\n.\r\nb\r\n');
  assert.equal(run(['a\r\n'], 'refuse'), 'a\r\n');
  assert.equal(run([], 'refuse'), '');
  for (const chunks of [['a\nb'], ['a', '\nb'], ['a\r', 'b'], ['a\r'], ['\n']])
    assert.equal(run(chunks, 'refuse'), 'bare-line-end');
  assert.equal(run(['a\0'], 'refuse'), 'nul');
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('\r', '\n', 'x', '\0', '\r\n') }),
      fc.array(fc.nat(30), { maxLength: 5 }),
      (text, at) => {
        assert.equal(run(cuts(text, at), 'normalize'), run([text], 'normalize'));
        assert.doesNotMatch(run(cuts(text, at), 'normalize'), /(?<!\r)\n|\r(?!\n)|\0|[^\n]$/);
        const strict = run(cuts(text, at), 'refuse');
        if (!/(?<!\r)\n|\r(?!\n)|\0/.test(text))
          assert.equal(strict, text === '' || text.endsWith('\n') ? text : `${text}\r\n`);
        else assert.match(strict, /^(?:bare-line-end|nul)$/);
      },
    ),
  );
});
