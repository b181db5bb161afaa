/**
 * Maps and sets whose entries come and go by the thousand.
 * Owns: a new table for every hundred that left.  Leaves: everything else to Map and Set.
 *
 * V8 links every table that a Map or Set has outgrown, or filled with deleted entries, to the next one, for iterators that may
 * still stand in it; and the old table keeps its entries. Once such a table has come into the old generation, all later ones are
 * reached from it, although nobody uses it any more, and everything that ever was in them is promoted in turn, until the next full
 * collection: 9 KB of each message that the relay passed on. A new Map ends the chain (docs/performance.md).
 */

/** So many deletions make a new table, when it has fewer entries than that. */
const RENEWAL = 100;

export class TransientMap<K, V> implements Iterable<readonly [K, V]> {
  #entries = new Map<K, V>();
  #gone = 0;

  get size(): number {
    return this.#entries.size;
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  set(key: K, value: V): void {
    this.#entries.set(key, value);
  }

  /** True when it was there. */
  delete(key: K): boolean {
    const wasThere = this.#entries.delete(key);
    if (wasThere) this.#gone += 1;
    if (this.#gone >= RENEWAL && this.#gone >= this.#entries.size) this.#renew();
    return wasThere;
  }

  keys(): IterableIterator<K> {
    return this.#entries.keys();
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  /** In the order in which they were added. What is added during the loop may be missed; entries may be deleted. */
  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.#entries[Symbol.iterator]();
  }

  #renew(): void {
    this.#gone = 0;
    this.#entries = new Map(this.#entries);
  }
}

export class TransientSet<T> implements Iterable<T> {
  readonly #members = new TransientMap<T, true>();

  get size(): number {
    return this.#members.size;
  }

  has(member: T): boolean {
    return this.#members.has(member);
  }

  add(member: T): void {
    this.#members.set(member, true);
  }

  /** True when it was there. */
  delete(member: T): boolean {
    return this.#members.delete(member);
  }

  /** As that of the map. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.#members.keys();
  }
}
