/**
 * The variables of an application, as one thread sees them.
 * Owns: the copy and when it is fetched anew, writing through, the lock.  Leaves: the variables themselves (the main side).
 * Fails: ASP 0197 for every object: what threads share has to be free of threads, and the objects here are not. (Intrinsic objects
 * and those that tags declare are refused before, by page-run.)
 */
import {
  type AutomationValue,
  isAutomationObject,
  VariantArray,
  type WaitingRoom,
} from '../../automation/index.ts';
import { APPLICATION_OPERATION, type StoredContents, type StoredValue } from '../contract.ts';
import { AspProblem } from '../errors.ts';
import type { VariableStore } from '../intrinsics/variables.ts';
import { type Restoring, restored, stored } from './stored-values.ts';

const NO_RESTORING: Restoring = {
  residents: {
    keep: () => {
      throw new AspProblem('Application object', 197);
    },
    find: () => undefined,
  },
  createDictionary: () => {
    throw new AspProblem('Application object', 197);
  },
};

type Entry = { readonly name: string; readonly value: StoredValue };

export class ApplicationCopy implements VariableStore {
  readonly #waiting: WaitingRoom;
  readonly #newest: Int32Array;
  #entries = new Map<string, Entry>();
  /** The version of the copy; undefined: there is none. */
  #version: number | undefined;

  constructor(waiting: WaitingRoom, newest: SharedArrayBuffer) {
    this.#waiting = waiting;
    this.#newest = new Int32Array(newest);
  }

  names(): readonly string[] {
    return Array.from(this.#current().values(), ({ name }) => name);
  }

  get(name: string): AutomationValue {
    const entry = this.#current().get(name.toLowerCase());
    return entry === undefined ? undefined : restored(entry.value, NO_RESTORING);
  }

  set(name: string, value: AutomationValue): void {
    refuseObjects(value);
    this.#write({ key: name, value: stored(value, NO_RESTORING.residents) });
  }

  remove(name: string): void {
    this.#write({ key: name });
  }

  removeAll(): void {
    this.#write({});
  }

  #current(): ReadonlyMap<string, Entry> {
    if (this.#version !== Atomics.load(this.#newest, 0)) {
      const { version, contents } = this.#waiting.waitFor(APPLICATION_OPERATION.read, this.#version) as {
        version: number;
        contents: StoredContents;
      };
      this.#entries = new Map(contents.map(([name, value]) => [name.toLowerCase(), { name, value }]));
      this.#version = version;
    }
    return this.#entries;
  }

  #write(change: { readonly key?: string; readonly value?: StoredValue }): void {
    const version = this.#waiting.waitFor(APPLICATION_OPERATION.write, change) as number;
    // Another thread wrote in between: the copy is fetched anew when it is next read.
    if (this.#version === undefined || version !== this.#version + 1) {
      this.#version = undefined;
      return;
    }
    this.#version = version;
    const { key, value } = change;
    if (key === undefined) this.#entries.clear();
    else if (value === undefined) this.#entries.delete(key.toLowerCase());
    else {
      const known = this.#entries.get(key.toLowerCase());
      this.#entries.set(key.toLowerCase(), { name: known?.name ?? key, value });
    }
  }
}

function refuseObjects(value: AutomationValue): void {
  if (isAutomationObject(value)) throw new AspProblem('Application object', 197);
  if (value instanceof VariantArray) value.elements.forEach(refuseObjects);
}
