/**
 * The random sequence of Rnd and Randomize: a linear congruence of 24 bits.
 * Source: doc "How Visual Basic generates pseudo-random numbers"; observed: first values of a fresh process.
 */

const MULTIPLIER = 1140671485;
const INCREMENT = 12820163;
const MODULUS = 0x1000000;
/** A fresh process begins here: its first Rnd is 0.7055475. */
const FIRST = 0x50000;

export class RandomSequence {
  private state = FIRST;

  /** The next number, 0 ≤ x < 1. */
  next(): number {
    this.state = (Math.imul(this.state, MULTIPLIER) + INCREMENT) & (MODULUS - 1);
    return this.state / MODULUS;
  }

  /** The number that came last. */
  last(): number {
    return this.state / MODULUS;
  }

  /** Rnd of a negative number: the sequence begins at a place that the number names. */
  seedFrom(value: number): number {
    const bits = new DataView(new ArrayBuffer(4));
    bits.setFloat32(0, value);
    const word = bits.getUint32(0);
    this.state = ((word & 0xffffff) + (word >>> 24)) % MODULUS;
    return this.next();
  }

  /** Randomize: the middle of the sequence's state is replaced. */
  randomize(value: number): void {
    const bits = new DataView(new ArrayBuffer(8));
    bits.setFloat64(0, value);
    const high = bits.getUint32(0);
    const mixed = ((high & 0xffff) ^ (high >>> 16)) & 0xffff;
    this.state = (this.state & 0xff0000ff) | (mixed << 8);
    this.state &= 0xffffff;
  }
}
