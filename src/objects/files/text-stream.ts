/**
 * TextStream: reads or writes text, line by line or whole, counting line and column.
 * Owns: the object's members over a source or a sink of characters.  Leaves: files (granted-files), standard streams (host).
 * Fails: 54 against the direction, 62 past the end, 91 after Close, 5 for a character the code page lacks.
 * Sources: doc "TextStream object".
 */
import { type AutomationObject, automationFace, type MemberTable } from '../../automation/index.ts';
import { longAt, textAt } from '../arguments.ts';
import { runtimeError } from '../errors.ts';
import type { TextEncoding } from './encoding.ts';
import type { FileHandle } from './granted-files.ts';

export interface CharacterSource {
  /** The next characters, at least one; undefined at the end. May block. */
  next(): string | undefined;
  close(): void;
}

export interface CharacterSink {
  write(text: string): void;
  close(): void;
}

const CHUNK = 64 * 1024;

/** Most characters one reading gives; beyond them error 7, as where memory runs out. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** The characters of a file. A byte-order mark is taken off when the encoding is UTF-16, and kept otherwise. */
export function fileSource(
  file: FileHandle,
  encoding: TextEncoding,
  dropByteOrderMark: boolean,
): CharacterSource {
  const decoder = encoding.decoder();
  const chunk = Buffer.allocUnsafe(CHUNK);
  let isFirst = true;
  let isAtEnd = false;
  return {
    next() {
      while (!isAtEnd) {
        const count = file.read(chunk);
        if (count === 0) {
          isAtEnd = true;
          // What is read to its end needs no handle any more; scripts often forget Close.
          file.park();
        }
        let text = count === 0 ? decoder.end() : decoder.decode(chunk.subarray(0, count));
        if (isFirst && text !== '') {
          isFirst = false;
          if (dropByteOrderMark && text.startsWith('\ufeff')) text = text.slice(1);
        }
        if (text !== '') return text;
      }
      return undefined;
    },
    close: () => file.close(),
  };
}

export function fileSink(file: FileHandle, encoding: TextEncoding): CharacterSink {
  return {
    write(text) {
      const bytes = encoding.encode(text);
      // compat: TextStream refuses what the code page cannot express rather than write '?'.
      if (bytes === undefined) throw runtimeError(5);
      file.write(bytes);
    },
    close: () => file.close(),
  };
}

export class TextStream {
  readonly #source: CharacterSource | undefined;
  readonly #sink: CharacterSink | undefined;
  #isClosed = false;
  /** Characters read from the source and not yet taken; those before `#taken` are gone. */
  #buffer = '';
  #taken = 0;
  line = 1;
  column = 1;

  constructor(ends: { source?: CharacterSource; sink?: CharacterSink }) {
    this.#source = ends.source;
    this.#sink = ends.sink;
  }

  get isAtEnd(): boolean {
    return !this.#fill(this.#readable(), 1);
  }

  get isAtEndOfLine(): boolean {
    const source = this.#readable();
    if (!this.#fill(source, 1)) return true;
    const character = this.#buffer[this.#taken];
    return (
      character === '\n' ||
      (character === '\r' && this.#fill(source, 2) && this.#buffer[this.#taken + 1] === '\n')
    );
  }

  read(count: number): string {
    const source = this.#readable();
    if (count < 0) throw runtimeError(5);
    if (count === 0) return '';
    if (!this.#fill(source, 1)) throw runtimeError(62);
    this.#fill(source, count);
    return this.#take(Math.min(count, this.#buffer.length - this.#taken));
  }

  readAll(): string {
    const source = this.#readable();
    if (!this.#fill(source, 1)) throw runtimeError(62);
    this.#fill(source, Number.POSITIVE_INFINITY);
    return this.#take(this.#buffer.length - this.#taken);
  }

  readLine(): string {
    const source = this.#readable();
    if (!this.#fill(source, 1)) throw runtimeError(62);
    let end = this.#buffer.indexOf('\n', this.#taken);
    while (end < 0) {
      const searched = this.#buffer.length - this.#taken;
      if (!this.#fill(source, searched + 1)) break;
      end = this.#buffer.indexOf('\n', this.#taken + searched);
    }
    if (end < 0) return this.#take(this.#buffer.length - this.#taken);
    const text = this.#take(end + 1 - this.#taken);
    return text.slice(0, text.endsWith('\r\n') ? -2 : -1);
  }

  write(text: string): void {
    if (this.#isClosed) throw runtimeError(91);
    if (this.#sink === undefined) throw runtimeError(54);
    if (text === '') return;
    this.#sink.write(text);
    this.#count(text);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#source?.close();
    this.#sink?.close();
  }

  #readable(): CharacterSource {
    if (this.#isClosed) throw runtimeError(91);
    if (this.#source === undefined) throw runtimeError(54);
    return this.#source;
  }

  /** Buffers until `count` characters wait; false when the source ends before. */
  #fill(source: CharacterSource, count: number): boolean {
    if (this.#buffer.length - this.#taken >= count) return true;
    const parts = [this.#buffer.slice(this.#taken)];
    let length = parts[0]!.length;
    this.#taken = 0;
    while (length < count) {
      const more = source.next();
      if (more === undefined) break;
      parts.push(more);
      length += more.length;
      if (length > MOST_CHARACTERS) throw runtimeError(7);
    }
    this.#buffer = parts.join('');
    return length >= count;
  }

  #take(count: number): string {
    const text = this.#buffer.slice(this.#taken, this.#taken + count);
    this.#taken += count;
    this.#count(text);
    return text;
  }

  #count(text: string): void {
    const last = text.lastIndexOf('\n');
    if (last < 0) {
      this.column += text.length;
      return;
    }
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.line += 1;
    this.column = text.length - last;
  }
}

const TEXT_STREAM: MemberTable<TextStream> = {
  name: 'TextStream',
  members: {
    AtEndOfLine: { arity: [0, 0], get: (self) => self.isAtEndOfLine },
    AtEndOfStream: { arity: [0, 0], get: (self) => self.isAtEnd },
    Column: { arity: [0, 0], get: (self) => self.column },
    Line: { arity: [0, 0], get: (self) => self.line },
    Close: { arity: [0, 0], call: (self) => self.close() as undefined },
    Read: { arity: [1, 1], call: (self, args) => self.read(longAt(args, 0)) },
    ReadAll: { arity: [0, 0], call: (self) => self.readAll() },
    ReadLine: { arity: [0, 0], call: (self) => self.readLine() },
    Skip: { arity: [1, 1], call: (self, args) => void self.read(longAt(args, 0)) },
    SkipLine: { arity: [0, 0], call: (self) => void self.readLine() },
    Write: { arity: [1, 1], call: (self, args) => self.write(textAt(args, 0)) as undefined },
    WriteLine: {
      arity: [0, 1],
      call: (self, args) => self.write(`${textAt(args, 0, '')}\r\n`) as undefined,
    },
    WriteBlankLines: {
      arity: [1, 1],
      call: (self, args) =>
        self.write('\r\n'.repeat(Math.max(0, Math.min(longAt(args, 0), 1_000_000)))) as undefined,
    },
  },
  release: (self) => self.close(),
};

/** The face of a stream for scripts. */
export const textStreamFace: (self: TextStream) => AutomationObject = automationFace(TEXT_STREAM);
