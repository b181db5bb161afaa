/**
 * Fields and Field: a recordset's columns, and the value of each in the current row.
 * Owns: their members.  Leaves: the cursor (recordset), values (values).
 * Fails: 3265 for a column that is not there, 3021 without a current row, 3421 for values that do not fit.
 * Sources: doc "ADO Field Object", "Fields Collection".
 */
import {
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  VariantArray,
} from '../../automation/index.ts';
import { argumentValue, isMissing, longAt, longOf, plainOf, textAt, textOf } from '../arguments.ts';
import { columnType, isBinaryType, isLongType, isTextType } from './columns.ts';
import type { DbValue } from './database.ts';
import { adoError } from './errors.ts';
import { createProperties } from './properties.ts';
import type { Recordset } from './recordset.ts';
import type { FieldColumn } from './rowset.ts';
import { actualSize, fromScript, toScript } from './values.ts';

/** FieldAttributeEnum. */
const ATTRIBUTE = {
  mayDefer: 2,
  updatable: 4,
  unknownUpdatable: 8,
  fixed: 16,
  isNullable: 32,
  mayBeNull: 64,
  long: 128,
} as const;

export class Field {
  readonly recordset: Recordset;
  readonly index: number;
  /** How much GetChunk has given of which value. */
  #chunkAt = 0;
  #chunkOf: DbValue | undefined;
  /** The row that AppendChunk writes to: its first piece replaces what was there. */
  #appending: DbValue | undefined;

  constructor(recordset: Recordset, index: number) {
    this.recordset = recordset;
    this.index = index;
  }

  get column(): FieldColumn {
    const column = this.recordset.columns[this.index];
    if (column === undefined) throw adoError(3704, 'ADODB.Field');
    return column;
  }

  get raw(): DbValue {
    return this.recordset.valueAt(this.index);
  }

  get value(): AutomationValue {
    return toScript(this.column.type.type, this.raw);
  }

  put(argument: AutomationArgument): void {
    const { type, size } = this.column.type;
    const limit = isTextType(type) && !isLongType(type) ? size : 0;
    this.recordset.setAt(this.index, fromScript(type, argument, 'ADODB.Field', limit));
  }

  get attributes(): number {
    const { type } = this.column.type;
    const isFixed = !isTextType(type) && !isBinaryType(type);
    return (
      (this.recordset.isUpdatable && this.column.column !== undefined ? ATTRIBUTE.updatable : 0) +
      (isFixed ? ATTRIBUTE.fixed : 0) +
      (this.column.isNullable ? ATTRIBUTE.isNullable + ATTRIBUTE.mayBeNull : 0) +
      (isLongType(type) ? ATTRIBUTE.long + ATTRIBUTE.mayDefer : 0)
    );
  }

  /** The next `count` characters or bytes; Null behind the end. */
  nextChunk(count: number): AutomationValue {
    const { raw } = this;
    if (raw !== this.#chunkOf) {
      this.#chunkOf = raw;
      this.#chunkAt = 0;
    }
    const value = toScript(this.column.type.type, raw);
    if (!(typeof value === 'string' || value instanceof Uint8Array)) {
      if (value === null) return null;
      throw adoError(3219, 'ADODB.Field');
    }
    if (count < 0) throw adoError(3001, 'ADODB.Field');
    const piece = value.slice(this.#chunkAt, this.#chunkAt + count);
    this.#chunkAt += count;
    return piece.length === 0 ? null : piece;
  }

  appendChunk(argument: AutomationArgument): void {
    const { type } = this.column.type;
    if (!isLongType(type) && !isTextType(type) && !isBinaryType(type)) throw adoError(3219, 'ADODB.Field');
    const piece = fromScript(type, argument, 'ADODB.Field');
    const before = this.raw;
    const goesOn = this.#appending !== undefined && before === this.#appending;
    const whole = goesOn ? joined(before, piece) : piece;
    this.recordset.setAt(this.index, whole);
    this.#appending = whole ?? undefined;
  }
}

function joined(before: DbValue, piece: DbValue): DbValue {
  if (before instanceof Uint8Array && piece instanceof Uint8Array) return Buffer.concat([before, piece]);
  return String(before ?? '') + String(piece ?? '');
}

const fieldFace = automationFace<Field>({
  name: 'Field',
  defaultMember: 'Value',
  members: {
    Value: {
      arity: [0, 0],
      get: (self) => self.value,
      put: (self, args) => self.put(args[0]),
    },
    Name: { arity: [0, 0], get: (self) => self.column.name },
    Type: { arity: [0, 0], get: (self) => self.column.type.type },
    DefinedSize: { arity: [0, 0], get: (self) => self.column.type.size },
    ActualSize: { arity: [0, 0], get: (self) => actualSize(self.column.type, self.raw) },
    Precision: { arity: [0, 0], get: (self) => self.column.type.precision },
    NumericScale: { arity: [0, 0], get: (self) => self.column.type.scale },
    Attributes: { arity: [0, 0], get: (self) => self.attributes },
    OriginalValue: {
      arity: [0, 0],
      get: (self) => toScript(self.column.type.type, self.recordset.originalAt(self.index)),
    },
    UnderlyingValue: {
      arity: [0, 0],
      get: (self) => toScript(self.column.type.type, self.recordset.originalAt(self.index)),
    },
    Status: { arity: [0, 0], get: () => 0 },
    GetChunk: { arity: [1, 1], call: (self, args) => self.nextChunk(longAt(args, 0)) },
    AppendChunk: { arity: [1, 1], call: (self, args) => self.appendChunk(args[0]) as undefined },
    Properties: {
      arity: [0, 1],
      get: (self, args) => {
        const { column } = self;
        const all = createProperties([
          { name: 'BASETABLENAME', get: () => column.table ?? null },
          { name: 'BASECOLUMNNAME', get: () => column.column ?? null },
          { name: 'ISAUTOINCREMENT', get: () => false },
          { name: 'OPTIMIZE', get: () => false, put: () => {} },
        ]);
        return args.length === 0 ? all : all.invoke('get', 'Item', args);
      },
    },
  },
});

/** The fields of one recordset, each always the same object. */
export class FieldSet {
  readonly recordset: Recordset;
  #fields: Field[] = [];
  #columns: readonly FieldColumn[] | undefined;

  constructor(recordset: Recordset) {
    this.recordset = recordset;
  }

  #current(): readonly FieldColumn[] {
    const { columns } = this.recordset;
    if (columns !== this.#columns || columns.length !== this.#fields.length) {
      this.#columns = columns;
      this.#fields = columns.map((_, index) => new Field(this.recordset, index));
    }
    return columns;
  }

  get count(): number {
    return this.#current().length;
  }

  all(): AutomationObject[] {
    this.#current();
    return this.#fields.map((field) => fieldFace(field));
  }

  /** By name in any case, or by number from 0. */
  item(wanted: AutomationArgument, source: 'ADODB.Recordset' | 'ADODB.Fields'): AutomationObject {
    return fieldFace(this.field(wanted, source));
  }

  field(wanted: AutomationArgument, source: 'ADODB.Recordset' | 'ADODB.Fields'): Field {
    // The look-up may renew the list.
    const index = this.indexOf(wanted, source);
    return this.#fields[index]!;
  }

  indexOf(wanted: AutomationArgument, source: 'ADODB.Recordset' | 'ADODB.Fields'): number {
    const columns = this.#current();
    const key = plainOf(wanted);
    let index: number;
    if (typeof key === 'string') {
      const name = key
        .trim()
        .replace(/^\[(.*)\]$/, '$1')
        .toLowerCase();
      index = columns.findIndex((column) => column.name.toLowerCase() === name);
      // `users.name` where the query has the name once.
      if (index < 0 && name.includes('.')) {
        const last = name.slice(name.lastIndexOf('.') + 1);
        index = columns.findIndex((column) => column.name.toLowerCase() === last);
      }
    } else index = key === null || key === undefined ? -1 : longOf(key);
    if (index < 0 || index >= columns.length) throw adoError(3265, source);
    return index;
  }
}

export const fieldsFace = automationFace<FieldSet>({
  name: 'Fields',
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [1, 1],
      get: (self, args) => self.item(args[0], 'ADODB.Fields'),
      put: (self, args) => self.field(args[0], 'ADODB.Fields').put(args[1]),
    },
    Count: { arity: [0, 0], get: (self) => self.count },
    Append: {
      arity: [2, 5],
      call: (self, args) => {
        const type = longAt(args, 1);
        const size = longAt(args, 2, 0);
        const attributes = longAt(args, 3, 0);
        self.recordset.makeColumn({
          name: textAt(args, 0),
          type: { ...columnType(type, size), ...(size > 0 && { size }) },
          isNullable: (attributes & ATTRIBUTE.isNullable) !== 0 || isMissing(args, 3),
          table: undefined,
          column: textAt(args, 0),
        });
        // A first value would go into a current row, and a recordset that is made has none.
        return undefined;
      },
    },
    Delete: {
      arity: [1, 1],
      call: (self, args) => self.recordset.removeColumn(self.indexOf(args[0], 'ADODB.Fields')) as undefined,
    },
    Refresh: { arity: [0, 0], call: () => undefined },
    Update: { arity: [0, 0], call: () => undefined },
    CancelUpdate: { arity: [0, 0], call: () => undefined },
    Resync: { arity: [0, 1], call: () => undefined },
  },
  enumerate: (self) => self.all().values(),
});

/** Puts values into fields: one name and one value, or an array of each. */
export function putFields(fields: FieldSet, names: AutomationArgument, values: AutomationArgument): void {
  const wanted = argumentValue(names);
  if (!(wanted instanceof VariantArray)) {
    fields.field(names, 'ADODB.Recordset').put(values);
    return;
  }
  const given = argumentValue(values);
  if (!(given instanceof VariantArray) || given.elements.length !== wanted.elements.length)
    throw adoError(3001, 'ADODB.Recordset');
  for (const [index, name] of wanted.elements.entries())
    fields.field(name, 'ADODB.Recordset').put(given.elements[index]);
}

/** Text of a value for GetString: Null as `nullText`. */
export function shownText(column: FieldColumn, raw: DbValue, nullText: string): string {
  const value = toScript(column.type.type, raw);
  if (value === null) return nullText;
  return textOf(value);
}
