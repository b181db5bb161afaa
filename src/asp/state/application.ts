/**
 * The variables of one application, its lock, and its one start.
 * Owns: Application.Contents, who holds the lock and who waits for it, that Application_OnStart runs once.
 * Leaves: the copies that page threads keep (page/), running the events (site).
 * Fails: never; a request that ends in whatever way gives back what it held by `release`.
 *
 * Invariants:
 *   A1  The cell holds the newest version; it is raised after the change is in place.
 *   A2  While one request holds the lock, no other changes a variable: writes wait as locks do, first come, first served.
 *   A3  `begin` is answered with true to one request; if that ends without `started`, the next in line gets true.
 */
import { APPLICATION_OPERATION, type StoredContents, type StoredValue } from '../contract.ts';

type Owner = object;
type Waiting = { readonly owner: Owner; readonly proceed: () => void };

export type ApplicationWrite = { readonly key?: string; readonly value?: StoredValue };

export class ApplicationStore {
  /** One 32-bit cell with the newest version, shared with all threads. */
  readonly cell = new SharedArrayBuffer(4);
  readonly #version = new Int32Array(this.cell);
  readonly #values = new Map<string, readonly [string, StoredValue]>();
  #holder: Owner | undefined;
  readonly #waiting: Waiting[] = [];
  #start: 'due' | 'running' | 'done' = 'due';
  #starter: Owner | undefined;
  readonly #awaitingStart: (Waiting & { readonly answer: (isStarter: boolean) => void })[] = [];

  /** Application_OnStart has run. */
  get isStarted(): boolean {
    return this.#start === 'done';
  }

  get contents(): StoredContents {
    return [...this.#values.values()];
  }

  /** Performs an operation of the waiting room for one request; undefined when it is none of the application's. */
  perform(owner: Owner, operation: string, request: unknown): { readonly answer: unknown } | undefined {
    switch (operation) {
      case APPLICATION_OPERATION.read:
        return { answer: { version: this.#version[0], contents: this.contents } };
      case APPLICATION_OPERATION.write:
        return {
          answer: this.#mayWrite(owner)
            ? this.#write(request as ApplicationWrite)
            : this.#wait(owner, () => this.#write(request as ApplicationWrite)),
        };
      case APPLICATION_OPERATION.lock:
        return { answer: this.#lock(owner) };
      case APPLICATION_OPERATION.unlock:
        this.#unlock(owner);
        return { answer: undefined };
      case APPLICATION_OPERATION.begin:
        return { answer: this.#begin(owner) };
      case APPLICATION_OPERATION.started:
        if (this.#starter === owner) this.#settleStart();
        return { answer: undefined };
      default:
        return undefined;
    }
  }

  /** The request has ended or its thread has died: what it held and what it waited for is given back. */
  release(owner: Owner): void {
    for (let at = this.#waiting.length - 1; at >= 0; at -= 1)
      if (this.#waiting[at]!.owner === owner) this.#waiting.splice(at, 1);
    this.#unlock(owner);
    for (let at = this.#awaitingStart.length - 1; at >= 0; at -= 1)
      if (this.#awaitingStart[at]!.owner === owner) this.#awaitingStart.splice(at, 1);
    if (this.#starter !== owner || this.#start !== 'running') return;
    this.#starter = undefined;
    this.#start = 'due';
    const next = this.#awaitingStart.shift();
    if (next !== undefined) next.answer(this.#begin(next.owner) as boolean);
  }

  /** Forgets everything: the application has ended and begins anew with the next request. */
  clear(): void {
    this.#values.clear();
    this.#start = 'due';
    this.#starter = undefined;
    this.#raise();
    // Whoever waited for the start that is void now begins anew.
    const next = this.#awaitingStart.shift();
    if (next !== undefined) next.answer(this.#begin(next.owner) as boolean);
  }

  #write({ key, value }: ApplicationWrite): number {
    if (key === undefined) this.#values.clear();
    else {
      const folded = key.toLowerCase();
      if (value === undefined) this.#values.delete(folded);
      else this.#values.set(folded, [this.#values.get(folded)?.[0] ?? key, value]);
    }
    return this.#raise();
  }

  #raise(): number {
    // Wraps around after 2^32 changes: a thread compares for equality alone.
    Atomics.add(this.#version, 0, 1);
    return this.#version[0]!;
  }

  #mayWrite(owner: Owner): boolean {
    return this.#holder === undefined || this.#holder === owner;
  }

  #lock(owner: Owner): undefined | Promise<void> {
    if (this.#holder === owner) return undefined;
    if (this.#holder === undefined) {
      this.#holder = owner;
      return undefined;
    }
    return this.#wait(owner, () => {
      this.#holder = owner;
    });
  }

  /** `act` runs at once when the turn comes, before anybody else's. */
  #wait<T>(owner: Owner, act: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.#waiting.push({ owner, proceed: () => resolve(act()) });
    });
  }

  #unlock(owner: Owner): void {
    if (this.#holder !== owner) return;
    this.#holder = undefined;
    // A write does not keep the lock, so all that wait in front of the next lock go on.
    while (this.#holder === undefined) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.proceed();
    }
  }

  #begin(owner: Owner): boolean | Promise<boolean> {
    if (this.#start === 'done') return false;
    if (this.#start === 'due') {
      this.#start = 'running';
      this.#starter = owner;
      return true;
    }
    return new Promise((resolve) => {
      this.#awaitingStart.push({ owner, proceed: () => resolve(false), answer: resolve });
    });
  }

  #settleStart(): void {
    this.#start = 'done';
    this.#starter = undefined;
    for (const { proceed } of this.#awaitingStart.splice(0)) proceed();
  }
}
