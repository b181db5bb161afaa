/** The pickup claims of this process that were accepted last, in memory besides the disk (Q7). */

/** Twice as many are remembered at most. */
const GENERATION = 8192;

export class RecentClaims {
  #recent = new Set<string>();
  #older = new Set<string>();

  has(claimId: string): boolean {
    return this.#recent.has(claimId) || this.#older.has(claimId);
  }

  add(claimId: string): void {
    this.#recent.add(claimId);
    if (this.#recent.size < GENERATION) return;
    this.#older = this.#recent;
    this.#recent = new Set();
  }
}
