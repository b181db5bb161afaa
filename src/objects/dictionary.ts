/**
 * Scripting.Dictionary.
 * Owns: keys of any subtype with the old equality, CompareMode, enumeration in order of arrival.
 * Fails: 5 for a key that cannot be one or CompareMode of a filled dictionary, 457 for a key that is there, 32811 for one that is not.
 * Sources: doc "Dictionary object"; observed: numbers of different subtypes are one key, a text and a number never are.
 */
import {
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  isAutomationObject,
  NOTHING,
  Scalar,
  VariantArray,
  VT,
} from '../automation/index.ts';
import { argumentValue, longAt } from './arguments.ts';
import { runtimeError } from './errors.ts';

const COMPARE = { binary: 0, text: 1, database: 2 } as const;

/** What the map finds an entry by: texts, numbers and objects never meet. */
type Key = string | number | symbol | object;

const EMPTY_KEY = Symbol('Empty');
const NULL_KEY = Symbol('Null');

type Entry = { key: AutomationValue; value: AutomationValue };

export class Dictionary {
  #entries = new Map<Key, Entry>();
  #compare: number = COMPARE.binary;

  get count(): number {
    return this.#entries.size;
  }

  get compareMode(): number {
    return this.#compare;
  }

  /** observed: any number is taken, but only while the dictionary is empty. */
  set compareMode(mode: number) {
    if (this.#entries.size > 0) throw runtimeError(5);
    this.#compare = mode;
  }

  has(key: AutomationValue): boolean {
    return this.#entries.has(this.#keyOf(key));
  }

  add(key: AutomationValue, value: AutomationValue): void {
    const found = this.#keyOf(key);
    if (this.#entries.has(found)) throw runtimeError(457);
    this.#entries.set(found, { key, value });
  }

  /** Reading a key that is not there adds it with Empty. */
  get(key: AutomationValue): AutomationValue {
    const found = this.#keyOf(key);
    const entry = this.#entries.get(found);
    if (entry !== undefined) return entry.value;
    this.#entries.set(found, { key, value: undefined });
    return undefined;
  }

  set(key: AutomationValue, value: AutomationValue): void {
    const found = this.#keyOf(key);
    const entry = this.#entries.get(found);
    if (entry === undefined) this.#entries.set(found, { key, value });
    else entry.value = value;
  }

  /** Gives an entry another key; it keeps its place. */
  rename(oldKey: AutomationValue, newKey: AutomationValue): void {
    const from = this.#keyOf(oldKey);
    const to = this.#keyOf(newKey);
    const entry = this.#entries.get(from);
    if (entry === undefined) throw runtimeError(32811);
    if (to !== from && this.#entries.has(to)) throw runtimeError(457);
    entry.key = newKey;
    if (to === from) return;
    const order = [...this.#entries];
    this.#entries = new Map(order.map(([key, kept]) => [key === from ? to : key, kept]));
  }

  remove(key: AutomationValue): void {
    if (!this.#entries.delete(this.#keyOf(key))) throw runtimeError(32811);
  }

  clear(): void {
    this.#entries.clear();
  }

  keys(): AutomationValue[] {
    return Array.from(this.#entries.values(), (entry) => entry.key);
  }

  items(): AutomationValue[] {
    return Array.from(this.#entries.values(), (entry) => entry.value);
  }

  #keyOf(key: AutomationValue): Key {
    if (typeof key === 'string') return this.#compare === COMPARE.binary ? key : key.toLowerCase();
    // -0 and 0 are one key in a Map already; numbers are compared by value whatever their subtype.
    if (typeof key === 'number') return key;
    if (typeof key === 'boolean') return key ? -1 : 0;
    if (key === undefined) return EMPTY_KEY;
    if (key === null) return NULL_KEY;
    if (key === NOTHING) return NOTHING;
    if (isAutomationObject(key)) return key;
    if (key instanceof Scalar && key.type !== VT.error && !Number.isNaN(key.value)) return key.value;
    throw runtimeError(5);
  }
}

const face: (self: Dictionary) => AutomationObject = automationFace<Dictionary>({
  name: 'Dictionary',
  keepsSubtypes: true,
  defaultMember: 'Item',
  members: {
    Add: {
      arity: [2, 2],
      call: (self, args) => self.add(keyAt(args), argumentValue(args[1])) as undefined,
      direct: (self, key, value) => self.add(key, value) as undefined,
    },
    Exists: {
      arity: [1, 1],
      call: (self, args) => self.has(keyAt(args)),
      direct: (self, key) => self.has(key),
    },
    Item: {
      arity: [1, 1],
      get: (self, args) => self.get(keyAt(args)),
      put: (self, args) => self.set(keyAt(args), argumentValue(args[1])),
      putref: (self, args) => self.set(keyAt(args), argumentValue(args[1])),
      direct: (self, key) => self.get(key),
      directPut: (self, key, value) => self.set(key, value),
    },
    Key: { arity: [1, 1], put: (self, args) => self.rename(keyAt(args), argumentValue(args[1])) },
    Count: { arity: [0, 0], get: (self) => new Scalar(VT.long, self.count) },
    CompareMode: {
      arity: [0, 0],
      get: (self) => new Scalar(VT.long, self.compareMode),
      put: (self, args) => {
        self.compareMode = longAt(args, 0);
      },
    },
    // Items and Keys may be indexed in one go: d.Keys()(0), d.Items(0).
    Items: { arity: [0, 1], call: (self, args) => elementOrAll(self.items(), args) },
    Keys: { arity: [0, 1], call: (self, args) => elementOrAll(self.keys(), args) },
    Remove: { arity: [1, 1], call: (self, args) => self.remove(keyAt(args)) as undefined },
    RemoveAll: { arity: [0, 0], call: (self) => self.clear() as undefined },
  },
  enumerate: (self) => self.keys().values(),
});

function keyAt(args: readonly AutomationArgument[]): AutomationValue {
  return argumentValue(args[0]);
}

function elementOrAll(values: AutomationValue[], args: readonly AutomationArgument[]): AutomationValue {
  if (args.length === 0) return VariantArray.of(values);
  const index = longAt(args, 0);
  if (index < 0 || index >= values.length) throw runtimeError(9);
  return values[index];
}

export function createDictionary(): AutomationObject {
  return face(new Dictionary());
}
