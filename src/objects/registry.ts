/**
 * Which ProgIDs exist and how their objects are made.
 * Owns: look-up in any case, with and without version suffix.  Leaves: the objects; the error text of each host.
 * Fails: an unknown ProgID throws 0x800401F3, which VBScript's own CreateObject shows as 429.
 * Sources: doc "CLSIDFromProgID"; doc "CreateObject Function".
 */
import { AutomationError, type AutomationObject, RUNTIME_TEXT } from '../automation/index.ts';
import { RUNTIME_SOURCE } from './errors.ts';

/** The HRESULT for a ProgID that is not registered. */
export const CO_E_CLASSSTRING = 0x8004_01f3 | 0;

export type ObjectFactory<Scope> = (scope: Scope) => AutomationObject;

export class ProgIdRegistry<Scope> {
  readonly #factories = new Map<string, ObjectFactory<Scope>>();
  readonly #base: ProgIdRegistry<Scope> | undefined;

  /** What is not registered here is looked for in `base`. */
  constructor(base?: ProgIdRegistry<Scope>) {
    this.#base = base;
  }

  /** Registers one class under its ProgIDs; `CDO.Message` also answers to `CDO.Message.1`, `.2` … */
  register(progIds: readonly string[], factory: ObjectFactory<Scope>): this {
    for (const progId of progIds) {
      const key = progId.toLowerCase();
      if (this.#factories.has(key)) throw new RangeError(`the ProgID ${progId} is registered twice`);
      this.#factories.set(key, factory);
    }
    return this;
  }

  has(progId: string): boolean {
    return this.#find(progId) !== undefined;
  }

  create(progId: string, scope: Scope): AutomationObject {
    const factory = this.#find(progId);
    if (factory === undefined)
      throw new AutomationError(CO_E_CLASSSTRING, RUNTIME_TEXT[429], { source: RUNTIME_SOURCE });
    return factory(scope);
  }

  #find(progId: string): ObjectFactory<Scope> | undefined {
    const key = progId.trim().toLowerCase();
    return (
      this.#factories.get(key) ??
      this.#factories.get(key.replace(/(?:\.\d{1,4}){1,2}$/, '')) ??
      (this.#base === undefined ? undefined : this.#base.#find(progId))
    );
  }
}
