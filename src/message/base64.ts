/**
 * Base64 as mail writes it: lines of 76 characters; and the tolerant reading of it.
 * Owns: encoding whole and piecewise, decoding piecewise.  Leaves: which parts are encoded so (transfer-encoding.ts).
 * Fails: never. Characters outside the alphabet are skipped, as RFC 2045 §6.8 asks.
 * Sources: RFC 2045 §6.8; RFC 4648 §4.
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const LINE_BYTES = 57;
const CRLF_PAIR = 0x0a0d;

/** Both characters of every 12-bit group as one little-endian number, so that a line is 38 stores and one for CRLF. */
const PAIRS = new Uint16Array(4096);
for (let group = 0; group < 4096; group += 1) {
  PAIRS[group] = ALPHABET.charCodeAt(group >> 6) | (ALPHABET.charCodeAt(group & 63) << 8);
}

/** The bytes in base64, in lines of 76 characters, each ended by CRLF (also the last). Empty for no bytes. */
export function encodeBase64(bytes: Uint8Array): Buffer {
  if (bytes.length === 0) return Buffer.alloc(0);
  const lines = Math.ceil(bytes.length / LINE_BYTES);
  const out = Buffer.allocUnsafeSlow(Math.ceil(bytes.length / 3) * 4 + lines * 2);
  const pairs = new Uint16Array(out.buffer, out.byteOffset, out.length >> 1);
  const whole = bytes.length - (bytes.length % 3);
  let to = 0;
  let at = 0;
  while (at < whole) {
    const lineEnd = Math.min(at + LINE_BYTES, whole);
    for (; at < lineEnd; at += 3) {
      const middle = bytes[at + 1]!;
      pairs[to] = PAIRS[(bytes[at]! << 4) | (middle >> 4)]!;
      pairs[to + 1] = PAIRS[((middle & 15) << 8) | bytes[at + 2]!]!;
      to += 2;
    }
    if (lineEnd !== whole || whole === bytes.length || whole % LINE_BYTES === 0) {
      pairs[to] = CRLF_PAIR;
      to += 1;
    }
  }
  if (whole < bytes.length) {
    const middle = bytes[whole + 1] ?? 0;
    pairs[to] = PAIRS[(bytes[whole]! << 4) | (middle >> 4)]!;
    const third = whole + 1 < bytes.length ? ALPHABET.charCodeAt((middle & 15) << 2) : 61;
    pairs[to + 1] = third | (61 << 8);
    pairs[to + 2] = CRLF_PAIR;
  }
  return out;
}

/** Encodes piece by piece; pieces may have any size. */
export class Base64Encoder {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): Buffer {
    const joined = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = joined.length - (joined.length % LINE_BYTES);
    this.#rest = Buffer.from(joined.subarray(whole));
    return encodeBase64(joined.subarray(0, whole));
  }

  end(): Buffer {
    return encodeBase64(this.#rest);
  }
}

/** The bytes behind base64 text; whatever is not of the alphabet is skipped, also padding in the middle. */
export function decodeBase64(text: Uint8Array): Buffer {
  const written = Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('latin1');
  const padding = written.indexOf('=');
  // Node reads the usual case at once; it would stop at padding in the middle and take the alphabet of URLs.
  if ((padding < 0 || padding >= written.length - 16) && !/[-_]/.test(written)) {
    const tail = padding < 0 ? '' : written.slice(padding);
    if (/^[=\s]*$/.test(tail)) return Buffer.from(written, 'base64');
  }
  const decoder = new Base64Decoder();
  return Buffer.concat([decoder.push(text), decoder.end()]);
}

/** Decodes piece by piece. Padding ends a group: text that was encoded in pieces and joined reads right. */
export class Base64Decoder {
  #rest = '';

  push(chunk: Uint8Array): Buffer {
    const text = this.#rest + clean(chunk);
    const padding = text.indexOf('=');
    if (padding >= 0) return this.#pushPadded(text);
    const whole = text.length - (text.length % 4);
    this.#rest = text.slice(whole);
    return Buffer.from(text.slice(0, whole), 'base64');
  }

  end(): Buffer {
    const rest = this.#rest;
    this.#rest = '';
    return Buffer.from(rest, 'base64');
  }

  #pushPadded(text: string): Buffer {
    const groups = text.split(/=+/);
    this.#rest = '';
    const last = groups.pop()!;
    const decoded = groups.map((group) => Buffer.from(group, 'base64'));
    return Buffer.concat([...decoded, this.push(Buffer.from(last, 'latin1'))]);
  }
}

function clean(chunk: Uint8Array): string {
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
  return text.replace(/[^A-Za-z0-9+/=]+/g, '');
}
