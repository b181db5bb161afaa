/**
 * What a name means at one place of a script.
 * Owns: the order of look-up: procedure, class, script, built-ins, everything else at run time.
 */

import type { LiteralValue } from '../ast.ts';
import { BUILTINS, type Builtin } from '../builtins/index.ts';
import { CONSTANTS } from '../constants.ts';
import type { Body, ClassInfo, ProcedureInfo, UnitInfo, Variable } from './analysis.ts';

export type Binding =
  | { readonly kind: 'local'; readonly variable: Variable }
  | { readonly kind: 'constant'; readonly value: LiteralValue }
  | { readonly kind: 'field'; readonly key: string }
  | { readonly kind: 'method'; readonly procedures: readonly ProcedureInfo[] }
  | { readonly kind: 'global'; readonly lower: string; readonly isDeclared: boolean }
  | { readonly kind: 'procedure'; readonly info: ProcedureInfo }
  | { readonly kind: 'builtin'; readonly builtin: Builtin }
  /** Looked up in the cells when it runs: host objects, names of other sources, misspellings. */
  | { readonly kind: 'unknown'; readonly lower: string }
  /** Looked up through the local scope of Execute. */
  | { readonly kind: 'dynamic'; readonly lower: string };

export type Place = {
  readonly unit: UnitInfo;
  readonly body: Body;
  readonly procedure: ProcedureInfo | undefined;
  readonly owner: ClassInfo | undefined;
};

export function fieldKey(lower: string): string {
  return `f$${lower}`;
}

export function resolve(place: Place, lower: string): Binding {
  const { unit, body, owner } = place;
  const variable = body.variables.get(lower);
  if (variable !== undefined) return { kind: 'local', variable };
  if (place.procedure !== undefined && body.constants.has(lower)) {
    return { kind: 'constant', value: body.constants.get(lower) };
  }
  if (owner !== undefined) {
    if (owner.fields.has(lower)) return { kind: 'field', key: fieldKey(lower) };
    if (owner.constants.has(lower)) return { kind: 'constant', value: owner.constants.get(lower) };
    const procedures = owner.procedures.get(lower);
    if (procedures !== undefined) return { kind: 'method', procedures };
  }
  if (unit.mode === 'local' && place.procedure === undefined) return { kind: 'dynamic', lower };
  const constant = unit.constants.get(lower);
  if (constant !== undefined) return { kind: 'constant', value: constant.value };
  const procedure = unit.procedures.get(lower);
  if (procedure !== undefined) return { kind: 'procedure', info: procedure };
  if (unit.globals.has(lower)) return { kind: 'global', lower, isDeclared: true };
  if (CONSTANTS.has(lower)) return { kind: 'constant', value: CONSTANTS.get(lower) };
  const builtin = BUILTINS.get(lower);
  if (builtin !== undefined) return { kind: 'builtin', builtin };
  if (body.isDynamic && place.procedure !== undefined) return { kind: 'dynamic', lower };
  if (unit.implicit.has(lower) && !unit.script.optionExplicit) {
    return { kind: 'global', lower, isDeclared: false };
  }
  return { kind: 'unknown', lower };
}
