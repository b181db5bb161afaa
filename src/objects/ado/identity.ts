/**
 * From the object that a script holds back to what is behind it, for arguments that must be objects of this family.
 * Owns: the way back.  Leaves: the faces (automation).
 */
import type { AutomationObject } from '../../automation/index.ts';

export class Owners<Self extends object> {
  readonly #owners = new WeakMap<object, Self>();

  note(face: AutomationObject, self: Self): AutomationObject {
    this.#owners.set(face, self);
    return face;
  }

  /** Undefined: no object of this kind. */
  behind(value: unknown): Self | undefined {
    return typeof value === 'object' && value !== null ? this.#owners.get(value) : undefined;
  }
}
