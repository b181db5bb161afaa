/**
 * A trace as one text, for the way from the page's thread: a structured clone of its hundreds of small objects costs twice as much
 * in the thread, and in the main thread it costs all that when nobody keeps the trace.
 * Owns: writing the text, reading it when somebody looks.  Leaves: what records mean (recorder, text).
 */
import type { PageError, PageTrace, TraceRecord } from '../contract.ts';

export function packTrace(trace: PageTrace): string {
  return JSON.stringify(trace);
}

/** A trace that is read from its text when its records are first looked at. What was undefined is absent. */
export class PackedTrace implements PageTrace {
  readonly #text: string;
  readonly #after: readonly PageError[];
  #trace: PageTrace | undefined;

  /** `after`: errors that showed when the page had ended. */
  constructor(text: string, after: readonly PageError[] = []) {
    this.#text = text;
    this.#after = after;
  }

  get records(): readonly TraceRecord[] {
    return this.#read().records;
  }

  get dropped(): number {
    return this.#read().dropped;
  }

  toJSON(): PageTrace {
    return this.#read();
  }

  #read(): PageTrace {
    if (this.#trace !== undefined) return this.#trace;
    const { records, dropped } = JSON.parse(this.#text) as PageTrace;
    const atMs = records.at(-1)?.atMs ?? 0;
    const after = this.#after.map(({ file, line, number, category, description }): TraceRecord => {
      return { atMs, file, line, kind: 'error', number, source: category, description };
    });
    this.#trace = { records: [...records, ...after], dropped };
    return this.#trace;
  }
}
