/**
 * What ran in a session, and which place in it a stack of the engine below means.
 * Owns: units by number, texts of eval, the place traced last.  Leaves: places inside one unit (compile.ts).
 */
import type { SourcePosition } from '../automation/index.ts';
import type { CompiledUnit } from './compile.ts';

export type Place = { readonly unit: CompiledUnit; readonly offset: number };

export const NOWHERE: SourcePosition = { file: '', line: 0, column: 0 };

/** Texts of eval that are kept. */
const MOST_EVALUATED = 1000;

export class Units {
  /** By number: places in compiled code name them so. */
  readonly #units = new Map<number, CompiledUnit>();
  /** Texts given to eval, the newest last: functions are told from them. */
  readonly #evaluated = new Set<CompiledUnit>();
  /** Where the last traced line began. */
  last: Place | undefined;

  add(unit: CompiledUnit): void {
    this.#units.set(unit.id, unit);
  }

  addEvaluated(unit: CompiledUnit): void {
    this.#evaluated.delete(unit);
    this.#evaluated.add(unit);
    if (this.#evaluated.size > MOST_EVALUATED) this.#evaluated.delete(this.#evaluated.values().next().value!);
  }

  get(number: number): CompiledUnit | undefined {
    return this.#units.get(number);
  }

  all(): Iterable<CompiledUnit> {
    return this.#units.values();
  }

  /** The innermost place of a stack that lies in a script. */
  placeIn(stack: string): Place | undefined {
    for (const match of stack.matchAll(/jscript:(\d+):(\d+):(\d+)/g)) {
      const unit = this.#units.get(Number(match[1]));
      if (unit === undefined || unit.isNameless) continue;
      return { unit, offset: unit.offsetOf(Number(match[2]), Number(match[3])) };
    }
    return undefined;
  }

  /** Where the statement begins that a stack stands in; where none does, the one traced last. */
  statementOf(stack: string): SourcePosition {
    const place = this.placeIn(stack) ?? this.last;
    return place === undefined ? NOWHERE : place.unit.statementAt(place.offset);
  }

  /** The source of a function by its compiled text; undefined: it is none of the script's. */
  functionText(compiled: string): string | undefined {
    for (const units of [this.#units.values(), this.#evaluated])
      for (const unit of units) {
        const text = unit.functionText(compiled);
        if (text !== undefined) return text;
      }
    return undefined;
  }
}
