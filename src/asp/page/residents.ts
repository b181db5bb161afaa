/**
 * Objects that sessions keep in this thread, because they cannot be kept by value.
 * Owns: their numbers, letting them go when the session no longer names them.
 * Fails: never; an object of a session that this thread does not know is not found.
 */
import type { AutomationObject } from '../../automation/index.ts';
import type { StoredContents, StoredValue } from '../contract.ts';
import type { Residents } from './stored-values.ts';

export class ThreadResidents {
  readonly #sessions = new Map<string, Map<number, AutomationObject>>();
  #last = 0;

  get isEmpty(): boolean {
    return this.#sessions.size === 0;
  }

  /** True when the object belongs to a session. */
  holds(object: AutomationObject): boolean {
    for (const objects of this.#sessions.values())
      for (const kept of objects.values()) if (kept === object) return true;
    return false;
  }

  of(session: string): Residents {
    return {
      keep: (object) => {
        const objects = this.#sessions.get(session) ?? new Map<number, AutomationObject>();
        this.#sessions.set(session, objects);
        for (const [id, kept] of objects) if (kept === object) return id;
        this.#last += 1;
        objects.set(this.#last, object);
        return this.#last;
      },
      find: (id) => this.#sessions.get(session)?.get(id),
    };
  }

  /** Lets go what `contents` no longer names; undefined: everything. */
  sweep(session: string, contents: StoredContents | undefined): void {
    const objects = this.#sessions.get(session);
    if (objects === undefined) return;
    const named = new Set<number>();
    for (const [, value] of contents ?? []) collect(value, named);
    for (const [id, object] of objects) {
      if (named.has(id)) continue;
      objects.delete(id);
      object.release?.();
    }
    if (objects.size === 0) this.#sessions.delete(session);
  }
}

function collect(value: StoredValue, named: Set<number>): void {
  if (value.kind === 'resident') named.add(value.id);
  else if (value.kind === 'array') for (const element of value.elements) collect(element, named);
  else if (value.kind === 'dictionary')
    for (const entry of value.entries) for (const part of entry) collect(part, named);
}
