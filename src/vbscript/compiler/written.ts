/**
 * What is known of a piece of written code.
 * Owns: kinds of values, literals that the compiler can read.
 *
 * `Written.kind` says what is certain about a value: `number` is a plain number whose size shows its subtype, `raw` a
 * plain number that may only be compared or used as an index, `boolean` true or false, `truth` that or null, `scalar` any
 * value but an array, an object or Nothing.
 */
import type { Expression } from '../ast.ts';
import { ungrouped } from './analysis.ts';

export type Kind = 'any' | 'scalar' | 'number' | 'raw' | 'string' | 'boolean' | 'truth';

export type Written = {
  readonly code: string;
  readonly kind: Kind;
  /** May be written twice: no side effect, nothing can change it in between. */
  readonly isStable: boolean;
  /** Arrays in it belong to nobody else. */
  readonly isOwned: boolean;
};

export const isTruthKind = (kind: Kind): boolean => kind === 'boolean' || kind === 'truth';
export const isNumberKind = (kind: Kind): boolean => kind === 'number' || kind === 'raw';

/** The value of a numeric literal, signs included. */
export function literalNumber(expression: Expression): number | undefined {
  const inner = ungrouped(expression);
  if (inner.kind === 'literal') {
    return typeof inner.value === 'number' && (inner.value | 0) === inner.value ? inner.value : undefined;
  }
  if (inner.kind === 'unary' && inner.operator === '-') {
    const value = literalNumber(inner.operand);
    return value === undefined || value === 0 || value === 32768 ? undefined : -value;
  }
  return undefined;
}

/** A value of which nothing is known. */
export const any = (code: string): Written => ({ code, kind: 'any', isStable: false, isOwned: false });
/** A value that nothing else holds. */
export const owned = (code: string): Written => ({ code, kind: 'any', isStable: false, isOwned: true });
export const scalar = (code: string): Written => ({ code, kind: 'scalar', isStable: false, isOwned: true });
export const stable = (code: string): Written => ({ code, kind: 'any', isStable: true, isOwned: false });
