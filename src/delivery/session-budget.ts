/**
 * The limit of connections in all. A hop that gets none waits in line; a place that becomes free goes to the first in line.
 * An idle connection gives way to somebody who has work.
 */

export interface BudgetUser {
  /** A place may be free now: ask again. */
  onRoom(): void;
  /** Ends one idle session; false when there is none. */
  giveWay(): boolean;
}

export class SessionBudget {
  readonly #max: number;
  readonly #waiting = new Set<BudgetUser>();
  readonly #users = new Set<BudgetUser>();
  #used = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get used(): number {
    return this.#used;
  }

  /** True when somebody waits for a place: idle sessions should end. */
  get isWanted(): boolean {
    return this.#waiting.size > 0;
  }

  join(user: BudgetUser): void {
    this.#users.add(user);
  }

  leave(user: BudgetUser): void {
    this.#users.delete(user);
    this.#waiting.delete(user);
  }

  /** Takes a place for `user`; when there is none, `user` is told by `onRoom` later. */
  take(user: BudgetUser): boolean {
    if (this.#used < this.#max) {
      this.#used += 1;
      return true;
    }
    this.#waiting.add(user);
    // The place becomes free when that session has closed.
    for (const other of this.#users) if (other !== user && other.giveWay()) break;
    return false;
  }

  free(): void {
    this.#used -= 1;
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#waiting.delete(first);
    first.onRoom();
  }
}
