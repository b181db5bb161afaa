/**
 * A trace as one text, for the way from the page's thread: a structured clone of its hundreds of small objects costs twice as much
 * in the thread, and in the main thread it costs all that when nobody keeps the trace.
 * Owns: writing the text, reading it when somebody looks.  Leaves: what records mean (recorder, text).
 */
import type { PageTrace, TraceRecord } from '../contract.ts';

export function packTrace(trace: PageTrace): string {
  return JSON.stringify(trace);
}

/** A trace that is read from its text when its records are first looked at. What was undefined is absent. */
export class PackedTrace implements PageTrace {
  readonly #text: string;
  #trace: PageTrace | undefined;

  constructor(text: string) {
    this.#text = text;
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
    return (this.#trace ??= JSON.parse(this.#text) as PageTrace);
  }
}
