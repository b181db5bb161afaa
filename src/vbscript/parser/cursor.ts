/**
 * Walks the tokens of a script.
 * Owns: look-ahead, expectation, names and reserved words.  Leaves: grammar (`expressions.ts`, `statements.ts`).
 */
import type { ScriptError } from '../errors.ts';
import { Lexer, type Token } from '../lexer.ts';

/** Words that cannot name anything unless bracketed or behind a dot. */
const RESERVED = new Set(
  (
    'and byref byval call case class const dim do each else elseif empty end eqv exit false for function get goto if ' +
    'imp in is let loop me mod new next not nothing null on option or private public redim rem resume select set ' +
    'stop sub then to true until wend while with xor'
  ).split(' '),
);

export type Name = { readonly name: string; readonly lower: string; readonly at: number };

/** Tokens between two calls of `onProgress`. */
const STRETCH = 4096;
/** Tokens behind the current one that are kept before they are let go together. */
const MOST_KEPT = 1024;

export class Cursor {
  protected readonly lexer: Lexer;
  /** Number of the current token in the script. */
  protected index = 0;
  protected token: Token;
  /** Tokens read and not let go; the first is number `first`. A long script never has all of its tokens at once. */
  private readonly window: Token[] = [];
  private first = 0;
  private readonly onProgress: (() => void) | undefined;

  constructor(source: string, onProgress: (() => void) | undefined) {
    this.onProgress = onProgress;
    this.lexer = new Lexer(source);
    this.token = this.at(0);
  }

  /** The token of a number not yet let go; the end, when there are not so many. */
  protected at(index: number): Token {
    const { window, first } = this;
    while (first + window.length <= index && window[window.length - 1]?.kind !== 'end') {
      window.push(this.lexer.nextToken());
      if ((first + window.length) % STRETCH === 0) this.onProgress?.();
    }
    return window[index - first] ?? window[window.length - 1]!;
  }

  protected peek(distance: number): Token {
    return this.at(this.index + distance);
  }

  protected advance(): Token {
    const { token } = this;
    if (token.kind !== 'end') {
      this.index += 1;
      this.token = this.at(this.index);
    }
    return token;
  }

  /** Goes back to a token of the same statement. */
  protected goTo(index: number): void {
    this.index = index;
    this.token = this.at(index);
  }

  /** At the beginning of a statement: nobody goes back to what lies before the previous token. */
  protected letGo(): void {
    const count = this.index - 1 - this.first;
    if (count < MOST_KEPT) return;
    this.window.splice(0, count);
    this.first += count;
  }

  protected error(number: number, token: Token = this.token): ScriptError {
    if (token.kind === 'end' && this.lexer.failure !== undefined) return this.lexer.failure;
    return this.lexer.error(number, token.at);
  }

  /** At the end of the tokens: throws when the script goes on with what is no token. */
  protected checkEnd(): void {
    if (this.lexer.failure !== undefined) throw this.lexer.failure;
  }

  protected isWord(word: string, token: Token = this.token): boolean {
    return token.kind === 'name' && token.lower === word;
  }

  protected isSymbol(symbol: string, token: Token = this.token): boolean {
    return token.kind === 'symbol' && token.text === symbol;
  }

  /** Takes the word if it is next. */
  protected word(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.advance();
    return true;
  }

  protected symbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.advance();
    return true;
  }

  protected expectWord(word: string, number: number): Token {
    if (!this.isWord(word)) throw this.error(number);
    return this.advance();
  }

  protected expectSymbol(symbol: string, number: number): void {
    if (!this.symbol(symbol)) throw this.error(number);
  }

  protected isName(token: Token = this.token): boolean {
    return token.kind === 'quotedName' || (token.kind === 'name' && !RESERVED.has(token.lower));
  }

  protected expectName(): Name {
    const { token } = this;
    if (!this.isName(token)) throw this.error(1010);
    this.advance();
    return { name: token.text, lower: token.lower, at: token.at };
  }

  /** A name behind a dot: any word will do. */
  protected expectMember(): Name {
    const { token } = this;
    if (token.kind !== 'name' && token.kind !== 'quotedName') throw this.error(1010);
    this.advance();
    return { name: token.text, lower: token.lower, at: token.at };
  }

  protected isLineEnd(token: Token = this.token): boolean {
    return token.kind === 'newline' || token.kind === 'end';
  }

  protected isHardLineEnd(token: Token = this.token): boolean {
    return token.kind === 'end' || (token.kind === 'newline' && token.text === '\n');
  }

  protected skipLineEnds(): void {
    while (this.token.kind === 'newline') this.advance();
  }

  /** True when a line end lies between the previous token and this one: the statement was continued. */
  protected isContinued(): boolean {
    if (this.index === 0) return false;
    const previous = this.at(this.index - 1);
    return /[\r\n]/.test(this.lexer.source.slice(previous.end, this.token.at));
  }
}
