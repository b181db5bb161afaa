/**
 * A stretch of the programs that a seed names.
 * Owns: which number is which kind of program.  Leaves: making them (generator, mutation), judging them (attempt).
 * Of twenty programs eight are made up for a bare session, eight are mutated sources, and four run under the script host with
 * its objects, folders and WScript.
 */
import { Judge, type Outcome } from './attempt.ts';
import { Dice } from './dice.ts';
import { Generator } from './generator.ts';
import { corpus, mutated, type Source } from './mutation.ts';
import { HOST_SURROUNDINGS, preambleFor } from './objects.ts';

export type Tally = { programs: number; compiled: number; completed: number; hosted: number };

export type Made = { readonly source: string; readonly place: 'session' | 'host' };

/** A stretch ends early at the first program that found something. */
export type StretchResult = { readonly tally: Tally; readonly finding: string | undefined };

export class Stretch {
  readonly #seed: number;
  readonly #sources: readonly Source[];
  readonly #judge = new Judge();

  constructor(seed: number, root: string) {
    this.#seed = seed;
    this.#sources = corpus(root);
  }

  /** The program of a number, always the same. */
  program(number: number): Made {
    const dice = new Dice(this.#seed, number);
    const kind = dice.below(20);
    if (kind < 8) return { source: new Generator(dice).program(), place: 'session' };
    if (kind < 17) {
      const { text, isForHost } = mutated(dice, this.#sources);
      return { source: text, place: isForHost && kind >= 14 ? 'host' : 'session' };
    }
    const program = new Generator(dice, HOST_SURROUNDINGS).program();
    return { source: `${preambleFor(program)}${program}`, place: 'host' };
  }

  /** Runs the programs `from` up to, not including, `to`; `began` hears each number first. */
  run(from: number, to: number, began: (number: number) => void = () => {}): StretchResult {
    const tally: Tally = { programs: 0, compiled: 0, completed: 0, hosted: 0 };
    for (let number = from; number < to; number += 1) {
      began(number);
      const { source, place } = this.program(number);
      const outcome: Outcome = { compiled: false, completed: false };
      const problem = this.#judge.attempt(source, place, outcome);
      if (problem !== undefined) return { tally, finding: this.#finding(number, problem) };
      tally.programs += 1;
      if (place === 'host') tally.hosted += 1;
      if (outcome.compiled) tally.compiled += 1;
      if (outcome.completed) tally.completed += 1;
    }
    const damage = this.#judge.check();
    return {
      tally,
      finding:
        damage === undefined ? undefined : `seed ${this.#seed}, programs ${from} to ${to - 1}: ${damage}`,
    };
  }

  #finding(number: number, problem: string): string {
    this.#judge.check();
    return `seed ${this.#seed}, program ${number}: ${problem}\n----\n${this.program(number).source}\n----`;
  }
}
