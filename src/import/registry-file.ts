/**
 * A .reg file: keys and values as Registry Editor exports them.
 * Owns: both formats (5.00 in UTF-16, REGEDIT4 in the ANSI code page), escapes, hex lines that go on, text in hex.
 * Leaves: what keys mean (exchange-ims.ts).
 * Fails: ParseResult with the line; a file that is no .reg file is refused, a single value that cannot be read too.
 * Sources: doc "How to add, modify, or delete registry subkeys and values by using a .reg file" (KB 310516).
 */
import iconv from 'iconv-lite';
import { type ParseResult, parsed, unparsed } from '../base/index.ts';
import { decodeWindowsText } from './text-encoding.ts';

export type RegistryValue =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'list'; readonly items: readonly string[]; readonly line: number }
  | { readonly kind: 'number'; readonly number: number; readonly line: number }
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly line: number };

/** Largest file; the three keys are far smaller. */
export const REGISTRY_BYTES = 64 * 1024 * 1024;

const HEX_START = /^(?:@|"(?:[^"\\]|\\.){0,16383}")\s*=\s*hex(?:\([0-9a-f]+\))?:/i;
/** Registry Editor itself stops at a megabyte; no text of these services comes near. */
const LONGEST_TEXT = 16 * 1024;

export class RegistryFile {
  /** Lower-case key path without the root's name → lower-case value name → value. */
  readonly #keys: ReadonlyMap<string, ReadonlyMap<string, RegistryValue>>;

  constructor(keys: ReadonlyMap<string, ReadonlyMap<string, RegistryValue>>) {
    this.#keys = keys;
  }

  /** True when a key that ends in `key` stands in the file. */
  has(key: string): boolean {
    return this.#find(key) !== undefined;
  }

  /** Every value of the key whose path ends in `key`: hives are exported under many roots and control sets. */
  values(key: string): ReadonlyMap<string, RegistryValue> {
    return this.#find(key) ?? new Map();
  }

  value(key: string, name: string): RegistryValue | undefined {
    return this.values(key).get(name.toLowerCase());
  }

  #find(key: string): ReadonlyMap<string, RegistryValue> | undefined {
    const wanted = `\\${key.toLowerCase()}`;
    // CurrentControlSet before the numbered copies.
    const found = [...this.#keys.keys()].filter((path) => path.endsWith(wanted));
    const best = found.find((path) => path.includes('\\currentcontrolset\\')) ?? found[0];
    return best === undefined ? undefined : this.#keys.get(best);
  }
}

export function readRegistryFile(bytes: Buffer): ParseResult<RegistryFile> {
  if (bytes.length > REGISTRY_BYTES) {
    return unparsed(`the file has ${bytes.length} bytes and ${REGISTRY_BYTES} are the most that is read`, 0);
  }
  const decoded = decodeWindowsText(bytes);
  if (!decoded.ok) return decoded;
  return new Reader(decoded.value).read();
}

class Reader {
  readonly #lines: readonly string[];
  readonly #keys = new Map<string, Map<string, RegistryValue>>();
  #isAnsi = false;

  constructor(text: string) {
    this.#lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  }

  read(): ParseResult<RegistryFile> {
    const first = this.#lines.findIndex((line) => line.trim() !== '');
    const head = this.#lines[first]?.trim() ?? '';
    if (/^REGEDIT4$/i.test(head)) this.#isAnsi = true;
    else if (!/^Windows Registry Editor Version 5\.00$/i.test(head)) {
      return unparsed(
        "this is no .reg file: its first line is neither 'Windows Registry Editor Version 5.00' nor 'REGEDIT4'",
        0,
      );
    }
    let key: Map<string, RegistryValue> | undefined;
    for (let index = first + 1; index < this.#lines.length; index += 1) {
      const number = index + 1;
      let line = this.#lines[index]!.trim();
      if (line === '' || line.startsWith(';')) continue;
      if (line.startsWith('[')) {
        if (!line.endsWith(']')) return unparsed(`line ${number}: a key without its closing bracket`, index);
        key = line.startsWith('[-') ? undefined : this.#open(line.slice(1, -1));
        continue;
      }
      const pieces = [line];
      if (HEX_START.test(line)) {
        // A hex value goes on behind a backslash.
        while (pieces.at(-1)!.endsWith('\\') && index + 1 < this.#lines.length) {
          pieces.push(pieces.pop()!.slice(0, -1));
          index += 1;
          pieces.push(this.#lines[index]!.trim());
        }
        line = pieces.join('');
      } else {
        // Text with a line break in it is written as it is.
        while (hasOpenQuote(line) && index + 1 < this.#lines.length) {
          index += 1;
          line = `${line}\n${this.#lines[index]!}`;
          if (line.length > LONGEST_TEXT)
            return unparsed(`line ${number}: a text without its closing quote`, index);
        }
      }
      const value = this.#value(line, number);
      if (!value.ok) return value;
      if (value.value !== undefined) key?.set(value.value.name, value.value.value);
    }
    return parsed(new RegistryFile(this.#keys));
  }

  #open(path: string): Map<string, RegistryValue> {
    const key = path.toLowerCase();
    const values = this.#keys.get(key) ?? new Map<string, RegistryValue>();
    this.#keys.set(key, values);
    return values;
  }

  #value(line: string, number: number): ParseResult<{ name: string; value: RegistryValue } | undefined> {
    const match = /^(?:@|"((?:[^"\\]|\\.)*)")\s*=\s*([\s\S]*)$/.exec(line);
    if (match === null) return unparsed(`line ${number}: a value in the form "name"=… is expected`, number);
    const name = unescaped(match[1] ?? '').toLowerCase();
    const written = match[2]!.trim();
    if (written === '-') return parsed(undefined);
    const quoted = /^"((?:[^"\\]|\\[\s\S])*)"$/.exec(written);
    if (quoted !== null)
      return parsed({ name, value: { kind: 'text', text: unescaped(quoted[1]!), line: number } });
    const dword = /^dword:([0-9a-f]{1,8})$/i.exec(written);
    if (dword !== null)
      return parsed({
        name,
        value: { kind: 'number', number: Number.parseInt(dword[1]!, 16), line: number },
      });
    const hex = /^hex(?:\(([0-9a-f]+)\))?:([0-9a-f,\s]*)$/i.exec(written);
    if (hex === null)
      return unparsed(
        `line ${number}: the value of ${match[1] ?? '@'} is neither text, dword nor hex`,
        number,
      );
    const words = hex[2]!
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
    if (words.some((word) => word.length > 2))
      return unparsed(`line ${number}: a byte has two hexadecimal digits`, number);
    const bytes = Buffer.from(words.map((word) => Number.parseInt(word, 16)));
    return parsed({ name, value: this.#typed(Number.parseInt(hex[1] ?? '3', 16), bytes, number) });
  }

  #typed(type: number, bytes: Buffer, line: number): RegistryValue {
    if (type === 1 || type === 2) return { kind: 'text', text: this.#text(bytes).replace(/\0+$/, ''), line };
    if (type === 7) {
      const items = this.#text(bytes)
        .split('\0')
        .filter((item) => item !== '');
      return { kind: 'list', items, line };
    }
    if (type === 4 && bytes.length === 4) return { kind: 'number', number: bytes.readUInt32LE(), line };
    return { kind: 'bytes', bytes, line };
  }

  #text(bytes: Buffer): string {
    return this.#isAnsi ? iconv.decode(bytes, 'windows-1252') : bytes.toString('utf16le');
  }
}

/** A string whose closing quote stands on a later line. */
function hasOpenQuote(line: string): boolean {
  const value = /^(?:@|"(?:[^"\\]|\\.)*")\s*=\s*("[\s\S]*)$/.exec(line)?.[1];
  return value !== undefined && !/^"(?:[^"\\]|\\[\s\S])*"\s*$/.test(value);
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1');
}
