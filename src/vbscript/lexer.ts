/**
 * Cuts a script into tokens.
 * Owns: lexis (continuation lines, literals, bracketed names).  Leaves: which words are reserved where (`parser/`).
 * Fails: keeps compile errors 1030 to 1033, 1007 and 1002 with line and column until the parser reaches them: the first
 *        mistake of a script is the one that is told.
 * Sources: doc "VBScript Language Reference"; §2.1 of docs/compatibility-vbscript.md.
 */

import type { LiteralValue } from './ast.ts';
import { MAX_DATE, MIN_DATE, parseDateLiteral } from './dates.ts';
import { compileError, ScriptError } from './errors.ts';
import { fromDouble, Scalar, VT } from './values.ts';

export type TokenKind = 'name' | 'quotedName' | 'literal' | 'symbol' | 'newline' | 'end';

export type Token = {
  readonly kind: TokenKind;
  /** Names as written; symbols in their canonical form (`>=` for `=>`); newline is `:` or `\n`. */
  readonly text: string;
  /** Lower case for names. */
  readonly lower: string;
  readonly value: LiteralValue;
  /** Offset into the source. */
  readonly at: number;
  /** Offset behind the token. */
  readonly end: number;
  /** White space stands before the token. */
  readonly spaced: boolean;
};

const MAX_NAME = 255;

/** What may follow the `&` of a hexadecimal or octal literal. */
const RADIX_START: ReadonlySet<number> = new Set(Array.from('hHoO01234567', (char) => char.charCodeAt(0)));

/** Each symbol of one character, by its code. */
const SYMBOLS: readonly (string | undefined)[] = Array.from({ length: 128 }, (_, code) =>
  '+-*/\\^&=<>(),.'.includes(String.fromCharCode(code)) ? String.fromCharCode(code) : undefined,
);

export class Lexer {
  readonly source: string;
  private at = 0;
  private lineStarts: number[] | undefined;
  /** Names met before, as written → in lower case: equal words are one string, which is quick to compare. */
  private readonly words = new Map<string, readonly [text: string, lower: string]>();

  constructor(source: string) {
    this.source = source;
  }

  /** What is wrong where the tokens end; undefined: nothing. It counts only for a parser that comes so far. */
  failure: ScriptError | undefined;

  /** All tokens, or those before the first that is none; the last one is of kind 'end'. */
  tokens(): Token[] {
    const tokens: Token[] = [];
    for (;;) {
      const token = this.nextToken();
      tokens.push(token);
      if (token.kind === 'end') return tokens;
    }
  }

  /** Line and column (1-based) of an offset. */
  positionOf(offset: number): { line: number; column: number } {
    this.lineStarts ??= lineStartsOf(this.source);
    const starts = this.lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  }

  /** A compile error at an offset. */
  error(number: number, offset: number): ScriptError {
    const { line, column } = this.positionOf(offset);
    const start = this.lineStarts![line - 1]!;
    const end = this.lineStarts![line] ?? this.source.length;
    return compileError(number, line, column, this.source.slice(start, end).replace(/[\r\n]+$/, ''));
  }

  /** The next token; one of kind 'end' at the end and where no token begins. */
  nextToken(): Token {
    try {
      return this.next();
    } catch (thrown) {
      if (!(thrown instanceof ScriptError)) throw thrown;
      this.failure = thrown;
      return this.token('end', this.at, '', true);
    }
  }

  private next(): Token {
    const spaced = this.skipBlanks();
    const { source } = this;
    const start = this.at;
    if (start >= source.length) return this.token('end', start, '', spaced);
    const code = source.charCodeAt(start);

    if (isLetter(code)) return this.name(start, spaced);
    switch (code) {
      case 13 /* CR */:
      case 10 /* LF */:
        this.at += code === 13 && source.charCodeAt(start + 1) === 10 ? 2 : 1;
        return this.token('newline', start, '\n', spaced);
      case 58 /* : */:
        this.at += 1;
        return this.token('newline', start, ':', spaced);
      case 39 /* ' */:
        this.skipComment();
        return this.next();
      case 91 /* [ */:
        return this.bracketed(start, spaced);
      case 34 /* " */:
        return this.string(start, spaced);
      case 35 /* # */:
        return this.date(start, spaced);
      case 46 /* . */:
        if (isDigit(source.charCodeAt(start + 1))) return this.number(start, spaced);
        break;
      case 38 /* & */:
        {
          const radix = this.radixLiteral(start, spaced);
          if (radix !== undefined) return radix;
          break;
        }
      case 60 /* < */:
      case 61 /* = */:
      case 62 /* > */:
        {
          const pair = pairOf(code, source.charCodeAt(start + 1));
          if (pair === undefined) break;
          this.at += 2;
          return this.token('symbol', start, pair, spaced);
        }
      default:
        if (isDigit(code)) return this.number(start, spaced);
    }
    const symbol = SYMBOLS[code];
    if (symbol === undefined) throw this.error(1032, start);
    this.at += 1;
    return this.token('symbol', start, symbol, spaced);
  }

  /** Skips blanks and continued line ends; true if there were any. */
  private skipBlanks(): boolean {
    const { source } = this;
    const start = this.at;
    for (;;) {
      const code = source.charCodeAt(this.at);
      if (code === 32 || code === 9 || code === 11 || code === 12 || code === 0xa0 || code === 0)
        this.at += 1;
      else if (code === 95 /* _ */) {
        const after = this.continuationEnd(this.at + 1);
        if (after === undefined) throw this.error(1032, this.at + 1);
        this.at = after;
      } else break;
    }
    return this.at > start || start === 0;
  }

  /** The offset behind the line end that follows a `_`, or `undefined` when something else follows. */
  private continuationEnd(offset: number): number | undefined {
    const { source } = this;
    let at = offset;
    while (source[at] === ' ' || source[at] === '\t') at += 1;
    if (at >= source.length) return at;
    if (source[at] === '\r') return source[at + 1] === '\n' ? at + 2 : at + 1;
    return source[at] === '\n' ? at + 1 : undefined;
  }

  private skipComment(): void {
    const { source } = this;
    while (this.at < source.length && source[this.at] !== '\r' && source[this.at] !== '\n') this.at += 1;
  }

  private name(start: number, spaced: boolean): Token {
    const { source } = this;
    let at = start + 1;
    while (isNamePart(source.charCodeAt(at))) at += 1;
    if (at - start > MAX_NAME) throw this.error(1030, at);
    this.at = at;
    const written = source.slice(start, at);
    let word = this.words.get(written);
    if (word === undefined) {
      word = [written, written.toLowerCase()];
      this.words.set(written, word);
    }
    const [text, lower] = word;
    // Rem opens a comment, except as a member name.
    if (lower === 'rem' && source.charCodeAt(start - 1) !== 46) {
      this.skipComment();
      return this.next();
    }
    return { kind: 'name', text, lower, value: undefined, at: start, end: at, spaced };
  }

  private bracketed(start: number, spaced: boolean): Token {
    const { source } = this;
    let at = start + 1;
    while (at < source.length && source[at] !== ']' && source[at] !== '\r' && source[at] !== '\n') at += 1;
    if (source[at] !== ']') throw this.error(1007, at);
    if (at - start - 1 > MAX_NAME) throw this.error(1030, at);
    this.at = at + 1;
    return this.token('quotedName', start, source.slice(start + 1, at), spaced);
  }

  private string(start: number, spaced: boolean): Token {
    const { source } = this;
    let text = '';
    let at = start + 1;
    for (;;) {
      let end = at;
      while (end < source.length && source[end] !== '"' && source[end] !== '\r' && source[end] !== '\n') {
        end += 1;
      }
      text += source.slice(at, end);
      if (source[end] !== '"') throw this.error(1033, end);
      if (source[end + 1] !== '"') {
        this.at = end + 1;
        return this.token('literal', start, text, spaced, text);
      }
      text += '"';
      at = end + 2;
    }
  }

  private date(start: number, spaced: boolean): Token {
    const { source } = this;
    let at = start + 1;
    while (at < source.length && source[at] !== '#' && source[at] !== '\r' && source[at] !== '\n') at += 1;
    if (source[at] !== '#') throw this.error(1002, start);
    const serial = parseDateLiteral(source.slice(start + 1, at));
    if (serial === undefined || serial < MIN_DATE || serial > MAX_DATE) throw this.error(1002, start);
    this.at = at + 1;
    return this.token('literal', start, source.slice(start, this.at), spaced, new Scalar(VT.date, serial));
  }

  private number(start: number, spaced: boolean): Token {
    const { source } = this;
    let at = start;
    let isDouble = false;
    while (isDigit(source.charCodeAt(at))) at += 1;
    if (source[at] === '.') {
      isDouble = true;
      at += 1;
      while (isDigit(source.charCodeAt(at))) at += 1;
    }
    if (source[at] === 'e' || source[at] === 'E') {
      const sign = source[at + 1] === '+' || source[at + 1] === '-' ? 2 : 1;
      if (isDigit(source.charCodeAt(at + sign))) {
        isDouble = true;
        at += sign;
        while (isDigit(source.charCodeAt(at))) at += 1;
      } else {
        throw this.error(1031, at);
      }
    }
    const value = Number(source.slice(start, at));
    if (!Number.isFinite(value)) throw this.error(1031, at);
    this.at = at;
    const literal = isDouble || value > 0x7fffffff ? fromDouble(value) : value;
    return this.token('literal', start, source.slice(start, at), spaced, literal);
  }

  /** `&HFF`, `&O17`, `&17`, each with an optional `&` behind; `undefined` when the `&` is the operator. */
  private radixLiteral(start: number, spaced: boolean): Token | undefined {
    const { source } = this;
    if (!RADIX_START.has(source.charCodeAt(start + 1))) return undefined;
    const match = /^&(?:[hH]([0-9a-fA-F]+)|[oO]?([0-7]+))(&?)/.exec(source.slice(start, start + 80));
    if (match === null) return undefined;
    const digits = (match[1] ?? match[2])!;
    const value = match[1] !== undefined ? Number.parseInt(digits, 16) : Number.parseInt(digits, 8);
    if (value > 0xffffffff) throw this.error(1031, start);
    const after = start + match[0].length;
    if (match[2] !== undefined && isDigit(source.charCodeAt(after))) throw this.error(1031, start);
    this.at = after;
    // Four hex digits are a signed Integer unless `&` follows; what then fits an Integer still becomes one.
    const signed = value > 0x7fff && value <= 0xffff && match[3] === '' ? value - 0x10000 : value | 0;
    return this.token('literal', start, match[0], spaced, signed);
  }

  private token(
    kind: TokenKind,
    at: number,
    text: string,
    spaced: boolean,
    value: LiteralValue = undefined,
  ): Token {
    const lower = kind === 'quotedName' ? text.toLowerCase() : text;
    return { kind, text, lower, value, at, end: this.at, spaced };
  }
}

function lineStartsOf(source: string): number[] {
  const starts = [0];
  for (let at = 0; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === 13) {
      if (source.charCodeAt(at + 1) === 10) at += 1;
      starts.push(at + 1);
    } else if (code === 10) starts.push(at + 1);
  }
  return starts;
}

/** `=<`, `=>` and `><` are `<=`, `>=` and `<>`; undefined: the first stands alone. */
function pairOf(first: number, second: number): string | undefined {
  if (!(second >= 60 && second <= 62) || first === second) return undefined;
  if (first !== 61 && second !== 61) return '<>';
  return first === 60 || second === 60 ? '<=' : '>=';
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** ASCII letters alone begin or continue a name; others, curly quotes among them, are invalid characters (1032). */
function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

function isNamePart(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 95;
}
