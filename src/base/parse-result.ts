/** ParseResult: the answer of every parser. Bad input is a value, never a throw. */

export type ParseFailure = {
  readonly ok: false;
  /** What is wrong, as a sentence fragment an operator understands. */
  readonly reason: string;
  /** Zero-based offset into the input where the parser stopped (bytes for bytes, UTF-16 units for text). */
  readonly at: number;
};

export type ParseResult<T> = { readonly ok: true; readonly value: T } | ParseFailure;

export function parsed<T>(value: T): ParseResult<T> {
  return { ok: true, value };
}

export function unparsed(reason: string, at: number): ParseFailure {
  return { ok: false, reason, at };
}
