/**
 * Uuencode: the attachments of mail before MIME.
 * Owns: one block with its begin and end lines, and finding blocks in a text.  Leaves: message structure (cdo).
 * Fails: a damaged block is read as far as it goes; text that is no block is left alone.
 * Sources: IEEE 1003.1 uuencode (historical algorithm): 45 bytes a line, blank written as grave accent.
 */

const LINE_BYTES = 45;

/** `begin 666 name`, the lines, the empty line (`\``) and `end`, each with CRLF. */
export function encodeUu(bytes: Uint8Array, name: string): Buffer {
  const lines = Math.ceil(bytes.length / LINE_BYTES);
  const out = Buffer.allocUnsafe(lines * 3 + Math.ceil(bytes.length / 3) * 4 + lines * 4 + 8);
  let to = 0;
  for (let at = 0; at < bytes.length; at += LINE_BYTES) {
    const count = Math.min(LINE_BYTES, bytes.length - at);
    out[to++] = symbol(count);
    for (let from = at; from < at + count; from += 3) {
      const first = bytes[from]!;
      const second = bytes[from + 1] ?? 0;
      const third = bytes[from + 2] ?? 0;
      out[to++] = symbol(first >> 2);
      out[to++] = symbol(((first & 3) << 4) | (second >> 4));
      out[to++] = symbol(((second & 15) << 2) | (third >> 6));
      out[to++] = symbol(third & 63);
    }
    out[to++] = 13;
    out[to++] = 10;
  }
  const begin = Buffer.from(`begin 666 ${name.replace(/[\r\n]+/g, ' ')}\r\n`, 'utf8');
  return Buffer.concat([begin, out.subarray(0, to), Buffer.from('`\r\nend\r\n', 'latin1')]);
}

function symbol(six: number): number {
  return six === 0 ? 0x60 : six + 32;
}

/** One block found in a text; offsets into the searched bytes, `end` behind the line `end`. */
export type UuBlock = {
  readonly name: string;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
};

const BEGIN = /^begin [0-7]{3,4} ([^\r\n]+)/;

/** The blocks of a text in their order. A block without its `end` line counts up to where the text ends. */
export function findUuBlocks(text: Buffer): UuBlock[] {
  const blocks: UuBlock[] = [];
  let at = 0;
  while (at < text.length) {
    const start = lineStart(text, at, 'begin ');
    if (start < 0) break;
    const head = BEGIN.exec(text.toString('latin1', start, Math.min(start + 1024, text.length)));
    if (head === null) {
      at = start + 1;
      continue;
    }
    const block = readBlock(text, start, head[0].length);
    if (block === undefined) at = start + 1;
    else {
      blocks.push(block);
      at = block.end;
    }
  }
  return blocks;
}

function lineStart(text: Buffer, from: number, word: string): number {
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || text[at - 1] === 10) return at;
  }
  return -1;
}

function readBlock(text: Buffer, start: number, headLength: number): UuBlock | undefined {
  const name = text
    .toString('utf8', start, start + headLength)
    .replace(/^begin \d+ /, '')
    .trimEnd();
  const parts: Buffer[] = [];
  let at = nextLine(text, start + headLength);
  while (at < text.length) {
    const next = nextLine(text, at);
    const line = text.subarray(at, next);
    if (/^end\s*$/.test(line.toString('latin1', 0, 8)))
      return { name, bytes: Buffer.concat(parts), start, end: next };
    const decoded = decodeLine(line);
    if (decoded === undefined) return undefined;
    parts.push(decoded);
    at = next;
  }
  return { name, bytes: Buffer.concat(parts), start, end: text.length };
}

function nextLine(text: Buffer, at: number): number {
  const feed = text.indexOf(10, at);
  return feed < 0 ? text.length : feed + 1;
}

/** The bytes of one line; undefined when it cannot be one. Trailing blanks that a transport cut off count as zero. */
function decodeLine(line: Buffer): Buffer | undefined {
  const text = line.toString('latin1').replace(/[\r\n]+$/, '');
  if (text === '') return Buffer.alloc(0);
  const count = (text.charCodeAt(0) - 32) & 63;
  if (/[^\x20-\x60]/.test(text) || text.length > 1 + Math.ceil(count / 3) * 4 + 1) return undefined;
  const out = Buffer.alloc(Math.ceil(count / 3) * 3);
  let to = 0;
  for (let at = 1; to < count; at += 4) {
    const group = [0, 1, 2, 3].map((offset) => ((text.charCodeAt(at + offset) || 32) - 32) & 63);
    out[to++] = (group[0]! << 2) | (group[1]! >> 4);
    out[to++] = ((group[1]! & 15) << 4) | (group[2]! >> 2);
    out[to++] = ((group[2]! & 3) << 6) | group[3]!;
  }
  return out.subarray(0, count);
}
