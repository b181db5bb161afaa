/**
 * Structured values with parameters: Content-Type, Content-Disposition and their like.
 * Owns: tolerant parsing, RFC 2231 continuations and charsets both ways, printing.  Leaves: what types mean.
 * Fails: never. What cannot be read is left out; a value without a type gives an empty `value`.
 * Sources: RFC 2045 §5.1; RFC 2183 §2; RFC 2231 §3, §4; RFC 2047 (in parameters, as many senders write it).
 */
import { decodeText, findCharset } from './charset.ts';
import { decodeWords, encodeWords, needsEncoding } from './encoded-word.ts';

/** `text/plain; charset="utf-8"`: the value in lower case and its parameters, names in lower case, in their order. */
export type ParameterizedValue = {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
};

/** Most parameters that are read of one field; more than this is an attack, not mail. */
const MOST_PARAMETERS = 200;

/** Reads `value; name=text; name="text"; name*=utf-8''text; name*0=…`. */
export function parseParameterized(text: string): ParameterizedValue {
  const semicolon = text.indexOf(';');
  const head = (semicolon < 0 ? text : text.slice(0, semicolon)).replace(/\([^()]*\)/g, '');
  const raw = semicolon < 0 ? [] : rawParameters(text, semicolon + 1);
  return { value: head.replace(/\s+/g, '').toLowerCase(), parameters: joinParameters(raw) };
}

type RawParameter = { readonly name: string; readonly text: string };

function rawParameters(text: string, from: number): RawParameter[] {
  const found: RawParameter[] = [];
  let at = from;
  while (at < text.length && found.length < MOST_PARAMETERS) {
    at = skipFiller(text, at);
    const name = /[^\s=;]*/y;
    name.lastIndex = at;
    const written = name.exec(text)![0];
    at = skipBlanks(text, at + written.length);
    if (text[at] !== '=') {
      const next = text.indexOf(';', at);
      at = next < 0 ? text.length : next + 1;
      continue;
    }
    at = skipBlanks(text, at + 1);
    const value = text[at] === '"' ? quotedValue(text, at) : bareValue(text, at);
    if (written !== '') found.push({ name: written.toLowerCase(), text: value.text });
    const next = text.indexOf(';', value.end);
    at = next < 0 ? text.length : next + 1;
  }
  return found;
}

function skipFiller(text: string, from: number): number {
  let at = from;
  for (;;) {
    at = skipBlanks(text, at);
    if (text[at] === ';') at += 1;
    else if (text[at] === '(') {
      const close = text.indexOf(')', at);
      at = close < 0 ? text.length : close + 1;
    } else return at;
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r' || text[at] === '\n') at += 1;
  return at;
}

function quotedValue(text: string, from: number): { text: string; end: number } {
  let value = '';
  let at = from + 1;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '"') return { text: value, end: at + 1 };
    if (character === '\\' && at + 1 < text.length) {
      // Windows paths in file names are written with single backslashes by many; only quote and backslash are unescaped.
      const next = text[at + 1]!;
      value += next === '"' || next === '\\' ? next : `\\${next}`;
      at += 2;
    } else {
      value += character;
      at += 1;
    }
  }
  return { text: value, end: at };
}

/** A value without quotes reaches to the semicolon: blanks inside are a common mistake of senders. */
function bareValue(text: string, from: number): { text: string; end: number } {
  const semicolon = text.indexOf(';', from);
  const end = semicolon < 0 ? text.length : semicolon;
  return {
    text: text
      .slice(from, end)
      .replace(/\s*\([^()]*\)\s*$/, '')
      .trimEnd(),
    end,
  };
}

/** RFC 2231: sections are joined in the order of their numbers; an extended value beats a plain one of the same name. */
function joinParameters(raw: readonly RawParameter[]): Map<string, string> {
  const plain = new Map<string, string>();
  const sections = new Map<string, { number: number; text: string; encoded: boolean }[]>();
  for (const { name, text } of raw) {
    const match = /^([^*]+)\*(?:(\d{1,4})(\*)?)?$/.exec(name);
    if (match === null) {
      if (!plain.has(name)) plain.set(name, decodeWords(text));
      continue;
    }
    const list = sections.get(match[1]!) ?? [];
    list.push({
      number: Number(match[2] ?? 0),
      text,
      encoded: match[2] === undefined || match[3] !== undefined,
    });
    sections.set(match[1]!, list);
  }
  for (const [name, list] of sections) plain.set(name, joinSections(list));
  return plain;
}

function joinSections(list: { number: number; text: string; encoded: boolean }[]): string {
  list.sort((a, b) => a.number - b.number);
  let charset = 'utf-8';
  const chunks: Buffer[] = [];
  list.forEach((section, index) => {
    let { text } = section;
    const head = index === 0 && section.encoded ? /^([^']*)'[^']*'/.exec(text) : null;
    if (head !== null) {
      if (head[1] !== '') charset = head[1]!;
      text = text.slice(head[0].length);
    }
    chunks.push(section.encoded ? percentBytes(text) : Buffer.from(text, 'utf8'));
  });
  return decodeText(Buffer.concat(chunks), charset);
}

function percentBytes(text: string): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const hex = text[at] === '%' ? /^[0-9A-Fa-f]{2}/.exec(text.slice(at + 1, at + 3)) : null;
    if (hex !== null) {
      bytes.push(Number.parseInt(hex[0], 16));
      at += 2;
    } else bytes.push(...Buffer.from(text[at]!, 'utf8'));
  }
  return Buffer.from(bytes);
}

export type ParameterStyle = {
  /** `rfc2231`: the standard; `rfc2047`: encoded words inside quotes, as the programs of Windows write file names. */
  readonly nonAscii?: 'rfc2231' | 'rfc2047';
  /** Charset for text outside ASCII; `utf-8` unless given. */
  readonly charset?: string;
  /** Always quote values, as MimeOLE does. */
  readonly alwaysQuote?: boolean;
  /** What stands between parameters: a blank unless given; `\r\n\t` puts each on its own line. */
  readonly separator?: string;
};

const TOKEN = /^[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+$/;

/** Prints value and parameters on one line, or folded where `separator` says so. Line ends inside values become blanks. */
export function printParameterized(
  value: string,
  parameters: Iterable<readonly [name: string, text: string]>,
  style: ParameterStyle = {},
): string {
  let line = value;
  for (const [name, text] of parameters) {
    for (const printed of printParameter(name, text.replace(/[\r\n\0]+/g, ' '), style)) {
      line += `;${style.separator ?? ' '}${printed}`;
    }
  }
  return line;
}

function printParameter(name: string, text: string, style: ParameterStyle): string[] {
  if (!needsEncoding(text)) {
    if (style.alwaysQuote !== true && TOKEN.test(text)) return [`${name}=${text}`];
    const quoted = `"${text.replace(/[\\"]/g, '\\$&')}"`;
    if (style.nonAscii === 'rfc2047' || name.length + quoted.length <= 900) return [`${name}=${quoted}`];
  }
  if (style.nonAscii === 'rfc2047') {
    const words = encodeWords(text, { charset: style.charset ?? 'utf-8', form: 'B' });
    return [`${name}="${words.replaceAll(' ', '\r\n\t')}"`];
  }
  return extendedParameter(name, text, style.charset ?? 'utf-8');
}

/** RFC 2231 §4: one line when it fits, else sections of at most about 70 characters (§3). */
function extendedParameter(name: string, text: string, charsetName: string): string[] {
  const wanted = findCharset(charsetName);
  const charset = wanted?.canEncode(text) && wanted.kind !== 'ascii' ? wanted : findCharset('utf-8')!;
  let escaped = '';
  for (const byte of charset.encode(text)) {
    const character = String.fromCharCode(byte);
    escaped += /[A-Za-z0-9\-._~]/.test(character)
      ? character
      : `%${byte < 16 ? '0' : ''}${byte.toString(16).toUpperCase()}`;
  }
  const single = `${name}*=${charset.name}''${escaped}`;
  if (single.length <= 75) return [single];
  const sections = escaped.match(/(?:%..|[^%]){1,16}/g) ?? [];
  return sections.map((section, number) => {
    const head = number === 0 ? `${charset.name}''` : '';
    return `${name}*${number}*=${head}${section}`;
  });
}
