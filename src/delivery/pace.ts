/**
 * How fast a next hop is approached: gradual opening, back-off, and how much may wait for it in memory.
 * Owns: numbers only; sockets and queues are elsewhere.  All times are monotonic milliseconds of the caller.
 */

/**
 * How many connections a next hop may have: one more after each full round of success, half of them after a failure.
 * A host that can answer at once gets no more than a few: further connections would only wait in line for it, and each costs
 * both sides more than a message does (bench/client.ts). The quickest answer tells, not the average: with many connections
 * the average is long because they wait for each other.
 */
export class Allowance {
  /** A host whose quickest transaction is shorter is quick, and this many connections are enough for it. */
  static readonly #QUICK_MS = 3;
  static readonly #ENOUGH = 10;
  readonly #max: number;
  readonly #first: number;
  #limit: number;
  /** Successes since the last step. */
  #round = 0;
  /** The quickest transaction of late; forgotten by a thousandth with each further one. */
  #quickestMs = Number.POSITIVE_INFINITY;

  constructor(first: number, max: number) {
    this.#max = max;
    this.#first = Math.min(first, max);
    this.#limit = this.#first;
  }

  get limit(): number {
    return this.#limit;
  }

  /** `tookMs`: from the first command to the final reply. True when there is room for one more connection than before. */
  onSuccess(tookMs: number): boolean {
    this.#quickestMs = Math.min(tookMs, this.#quickestMs * 1.001);
    this.#round += 1;
    if (this.#round < this.#limit) return false;
    this.#round = 0;
    const isQuick = this.#quickestMs < Allowance.#QUICK_MS;
    const most = isQuick ? Math.min(this.#max, Math.max(this.#first, Allowance.#ENOUGH)) : this.#max;
    if (this.#limit > most) this.#limit -= 1;
    if (this.#limit >= most) return false;
    this.#limit += 1;
    return true;
  }

  onFailure(): void {
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    this.#round = 0;
  }

  /** The host would not take more than `open` connections. */
  shrinkTo(open: number): void {
    this.#limit = Math.max(1, Math.min(this.#limit, open));
  }

  /** After a back-off one connection tries the way. */
  restart(): void {
    this.#limit = 1;
  }
}

/** A next hop that cannot be connected is left alone for a while that doubles. */
export class BackOff {
  readonly #firstMs: number;
  readonly #maxMs: number;
  #failures = 0;
  #until = Number.NEGATIVE_INFINITY;

  constructor(firstMs: number, maxMs: number) {
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
  }

  /** Failed rounds since the last success. */
  get failures(): number {
    return this.#failures;
  }

  get until(): number {
    return this.#until;
  }

  isOver(now: number): boolean {
    return now >= this.#until;
  }

  onFailure(now: number): void {
    const lengthMs = Math.min(this.#maxMs, this.#firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    this.#until = now + lengthMs;
  }

  onSuccess(): void {
    this.#failures = 0;
    this.#until = Number.NEGATIVE_INFINITY;
  }

  /** The operator or the peer says that it is worth a try now. */
  end(): void {
    this.#until = Number.NEGATIVE_INFINITY;
  }
}

/**
 * How many messages may wait in memory for one next hop. A hop that empties its line faster than it is filled gets a longer
 * one; a hop that stands still falls back to a short one, so that slow hops never fill the memory that quick ones need.
 */
export class LineLength {
  static readonly #START = 50;
  static readonly #MAX = 1_000;
  static readonly #STALL_MS = 1_000;
  #length = LineLength.#START;
  #progressAt: number;

  constructor(now: number) {
    this.#progressAt = now;
  }

  /** `share`: what an even split among all busy hops would give. */
  current(now: number, share: number): number {
    if (this.isStalled(now)) this.#length = LineLength.#START;
    if (this.#length > LineLength.#START) return this.#length;
    return Math.max(2, Math.min(LineLength.#START, share));
  }

  /** Nothing has moved for a while. */
  isStalled(now: number): boolean {
    return now - this.#progressAt > LineLength.#STALL_MS;
  }

  /** A message left, or the first one came. */
  onProgress(now: number): void {
    this.#progressAt = now;
  }

  onStarved(): void {
    this.#length = Math.min(LineLength.#MAX, this.#length * 2);
  }
}
