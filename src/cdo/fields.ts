/**
 * Fields and Field: a collection of named values with Update and Resync.
 * Owns: pending values, enumeration, access by name and index.  Leaves: what a name means (FieldSource of each owner).
 * Sources: doc "ADO Fields collection" as the objects expose it (reference A1.6).
 */
import { type FieldValue, toText } from './coerce.ts';
import { CdoError } from './errors.ts';

/** ADO's data types, as Field.Type reports them. */
export const AD_TYPE = {
  empty: 0,
  long: 3,
  date: 7,
  boolean: 11,
  bytes: 128,
  text: 202,
  array: 8204,
} as const;

/** Where an owner keeps its values. Writing an empty value removes. */
export interface FieldSource {
  names(): string[];
  read(name: string): FieldValue;
  /** Refuses what could not be written; called when a value is assigned, before Update. */
  check(name: string, value: FieldValue): void;
  write(name: string, value: FieldValue): void;
  /** Throws when the field may not be deleted. */
  remove(name: string): void;
  /** The name that counts for a written one; reports odd spellings. Identity when absent. */
  resolve?(name: string): string;
}

const REMOVED = Symbol('removed');

export class Fields implements Iterable<Field> {
  readonly #source: FieldSource;
  readonly #pending = new Map<string, FieldValue | typeof REMOVED>();

  constructor(source: FieldSource) {
    this.#source = source;
  }

  /** The field of that name, also when it has no value yet; or the one at a zero-based index. */
  item(nameOrIndex: string | number): Field {
    if (typeof nameOrIndex === 'string') return new Field(this, this.#resolve(nameOrIndex));
    const name = this.#names()[nameOrIndex];
    if (name === undefined) throw new CdoError('DISP_E_BADINDEX', { source: 'ADODB.Fields' });
    return new Field(this, name);
  }

  /** The value of a field: a pending one before the one that counts; undefined when it has none. */
  get(name: string): FieldValue {
    const resolved = this.#resolve(name);
    const pending = this.#pending.get(resolved);
    if (pending === REMOVED) return undefined;
    return this.#pending.has(resolved) ? pending : this.#source.read(resolved);
  }

  /** Assigns a value, which counts from `update` on. Undefined and null remove the field. */
  set(name: string, value: FieldValue): this {
    const resolved = this.#resolve(name);
    this.#source.check(resolved, value);
    this.#pending.set(resolved, value === undefined || value === null ? REMOVED : value);
    return this;
  }

  /** Adds a field, or gives the one of that name its value. Type and size are accepted for ADO's sake. */
  append(name: string, value: FieldValue = ''): void {
    this.set(name, value);
  }

  delete(name: string): void {
    const resolved = this.#resolve(name);
    const wasPending = this.#pending.delete(resolved);
    if (!wasPending || this.#source.names().includes(resolved)) this.#source.remove(resolved);
  }

  /** Makes pending values count. */
  update(): void {
    for (const [name, value] of this.#pending) {
      if (value === REMOVED) this.#source.write(name, undefined);
      else this.#source.write(name, value);
    }
    this.#pending.clear();
  }

  /** Drops pending values. */
  resync(): void {
    this.#pending.clear();
  }

  get hasPending(): boolean {
    return this.#pending.size > 0;
  }

  get count(): number {
    return this.#names().length;
  }

  *[Symbol.iterator](): Iterator<Field> {
    for (const name of this.#names()) yield new Field(this, name);
  }

  /** The value that counts now, without pending ones. */
  committed(name: string): FieldValue {
    return this.#source.read(name);
  }

  #names(): string[] {
    const names = new Set(this.#source.names());
    for (const [name, value] of this.#pending) {
      if (value === REMOVED) names.delete(name);
      else names.add(name);
    }
    return [...names];
  }

  #resolve(name: string): string {
    return this.#source.resolve?.(name) ?? name;
  }
}

/** One field of a collection, by its name. */
export class Field {
  readonly #fields: Fields;
  readonly name: string;

  constructor(fields: Fields, name: string) {
    this.#fields = fields;
    this.name = name;
  }

  get value(): FieldValue {
    return this.#fields.get(this.name);
  }

  set value(value: FieldValue) {
    this.#fields.set(this.name, value);
  }

  /** ADO's type number of the present value. */
  get type(): number {
    const { value } = this;
    if (value === undefined || value === null) return AD_TYPE.empty;
    if (typeof value === 'string') return AD_TYPE.text;
    if (typeof value === 'number') return AD_TYPE.long;
    if (typeof value === 'boolean') return AD_TYPE.boolean;
    if (value instanceof Date) return AD_TYPE.date;
    return value instanceof Uint8Array ? AD_TYPE.bytes : AD_TYPE.array;
  }

  /** Size of the present value in bytes as ADO counts it: two for each character. */
  get actualSize(): number {
    const { value } = this;
    switch (this.type) {
      case AD_TYPE.text:
      case AD_TYPE.array:
        return toText(value).length * 2;
      case AD_TYPE.long:
        return 4;
      case AD_TYPE.boolean:
        return 2;
      case AD_TYPE.date:
        return 8;
      case AD_TYPE.bytes:
        return (value as Uint8Array).length;
      default:
        return 0;
    }
  }

  get definedSize(): number {
    return this.actualSize;
  }

  /** adFldUpdatable. */
  get attributes(): number {
    return 4;
  }
}
