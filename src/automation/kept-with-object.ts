/**
 * Values that belong to objects made elsewhere, each object's in a private field of its own.
 * Why no WeakMap: V8's collector of young objects takes what a WeakMap holds for reachable. Where a value leads back to its object, as a face
 * does, neither is freed before the great collection: of each page that sent a mail, all that hung on the mail. Heaps grew by
 * 37 KB a page, and great collections cost more than the pages' own code.
 */

/** Gives back what it is given: fields of a class above it are put onto an object that exists. */
class Onto {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is what it is for.
    return object as Onto;
  }
}

/** A place for one value with each object. */
export function keptWithObject<Key extends object, Value>(): {
  readonly get: (key: Key) => Value | undefined;
  readonly set: (key: Key, value: Value) => void;
} {
  class Kept extends Onto {
    #value: Value;

    constructor(key: Key, value: Value) {
      super(key);
      this.#value = value;
    }

    static get(key: object): Value | undefined {
      return #value in key ? key.#value : undefined;
    }

    static set(key: Key, value: Value): void {
      if (#value in key) key.#value = value;
      else new Kept(key, value);
    }
  }
  return {
    get: (key) => Kept.get(key),
    set: (key, value) => Kept.set(key, value),
  };
}
