/**
 * The limits of one page, of which the time may change while it runs (Server.ScriptTimeout).
 * A class and not an object with a getter of its own: V8 makes a new shape for each of those, which holds on to the getter, and by it
 * to the whole page, until the great collection.
 */
import type { ScriptLimitSettings } from '../../script/index.ts';
import type { ScriptLimits } from '../../vbscript/index.ts';

export class PageLimits implements ScriptLimits {
  readonly callDepth: number;
  readonly outputLength: number;
  readonly stringLength: number;
  readonly arrayElements: number;
  readonly allocation: number;
  readonly isMemoryFull: (bytes: number) => boolean;
  readonly #timeLeft: () => number;

  /** `timeLeft`: milliseconds. */
  constructor(
    limits: ScriptLimitSettings,
    timeLeft: () => number,
    isMemoryFull: (bytes: number) => boolean = () => false,
  ) {
    this.callDepth = limits.callDepth;
    this.outputLength = limits.outputLength;
    this.stringLength = limits.stringLength;
    this.arrayElements = limits.arrayElements;
    this.allocation = limits.allocation;
    this.isMemoryFull = isMemoryFull;
    this.#timeLeft = timeLeft;
  }

  get timeMs(): number {
    return this.#timeLeft();
  }
}
