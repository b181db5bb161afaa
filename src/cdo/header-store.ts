/**
 * The header fields of a message or part while it is edited.
 * Owns: order, names, and whether a value is text for people (encoded when written) or raw.  Leaves: writing (print-message.ts).
 */
import { decodeWords, oneLine } from '../message/index.ts';

export type HeaderEntry = {
  name: string;
  /** One line, without line ends. */
  value: string;
  /** `text` is encoded by RFC 2047 when written; `raw` is written as it is; `original` are the bytes of an opened message. */
  form: 'text' | 'raw' | 'original';
  /** The field as it stood in the opened message, with its line ends; only for `original`. */
  bytes?: Buffer;
};

export class HeaderStore {
  readonly #entries: HeaderEntry[] = [];
  readonly #invalidated = new Set<string>();

  get entries(): readonly HeaderEntry[] {
    return this.#entries;
  }

  #find(name: string): HeaderEntry | undefined {
    const key = name.toLowerCase();
    return this.#entries.find((entry) => entry.name.toLowerCase() === key);
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** The value as text for people; undefined when the field is absent. */
  text(name: string): string | undefined {
    const entry = this.#find(name);
    if (entry === undefined) return undefined;
    return entry.form === 'text' ? entry.value : decodeWords(entry.value);
  }

  /** The value as it stands, or `undefined`; text for people comes unencoded. */
  entry(name: string): HeaderEntry | undefined {
    return this.#find(name);
  }

  /** Sets the field, at its place or at the end; other fields of the name go. Empty text removes it. */
  set(name: string, value: string, form: 'text' | 'raw'): void {
    // CR and LF end here: no value can add a field of its own, whatever a program was fed by a form.
    const clean = oneLine(value);
    if (clean === '') {
      this.delete(name);
      return;
    }
    const found = this.#find(name);
    if (found === undefined) this.#entries.push({ name, value: clean, form });
    else {
      found.value = clean;
      found.form = form;
      delete found.bytes;
      this.#removeOthers(found);
    }
  }

  #removeOthers(kept: HeaderEntry): void {
    const key = kept.name.toLowerCase();
    for (let at = this.#entries.length - 1; at >= 0; at -= 1) {
      const entry = this.#entries[at]!;
      if (entry !== kept && entry.name.toLowerCase() === key) this.#entries.splice(at, 1);
    }
  }

  /** Adds a field behind the others, also when one of the name exists. */
  append(name: string, value: string, form: 'text' | 'raw'): void {
    this.#entries.push({ name, value: oneLine(value), form });
  }

  /** A field of an opened message, kept byte for byte until it is changed. */
  adopt(name: string, value: string, bytes: Buffer): void {
    this.#entries.push({ name, value: oneLine(value), form: 'original', bytes });
  }

  /** The bytes of an opened message no longer hold for this field; its place does. */
  invalidate(name: string): void {
    this.#invalidated.add(name);
    const found = this.#find(name);
    if (found?.bytes !== undefined) {
      delete found.bytes;
      found.form = 'raw';
    }
  }

  /** True when there was one. */
  delete(name: string): boolean {
    const key = name.toLowerCase();
    const before = this.#entries.length;
    for (let at = before - 1; at >= 0; at -= 1)
      if (this.#entries[at]!.name.toLowerCase() === key) this.#entries.splice(at, 1);
    return this.#entries.length < before;
  }

  /** True when the field was never there and nothing has asked for it since. */
  isStillAbsent(name: string): boolean {
    return !this.#invalidated.has(name) && !this.has(name);
  }

  clear(): void {
    this.#entries.length = 0;
    this.#invalidated.clear();
  }
}
