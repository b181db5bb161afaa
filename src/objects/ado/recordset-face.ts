/**
 * ADODB.Recordset under its members' names.
 * Owns: names, optional arguments, opening from a source.  Leaves: the cursor (recordset), fields (fields), Save's form (save).
 * Sources: doc "ADO Recordset Object Properties, Methods, and Events".
 */
import {
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  isAutomationObject,
  type Member,
  NOTHING,
  Scalar,
  VariantArray,
  VT,
} from '../../automation/index.ts';
import { argumentValue, isBlank, isMissing, longAt, plainOf, textAt } from '../arguments.ts';
import type { ObjectScope } from '../scope.ts';
import { type Command, commands } from './command.ts';
import { COMMAND, type Connection, connections } from './connection.ts';
import { type AdoSource, adoError, notCapable } from './errors.ts';
import { FieldSet, fieldsFace, putFields, shownText } from './fields.ts';
import { createProperties } from './properties.ts';
import { LOCATION, LOCK, Recordset } from './recordset.ts';
import { saveRecordset } from './save.ts';
import type { SessionResult } from './session.ts';
import { toScript } from './values.ts';

type Self = {
  readonly recordset: Recordset;
  readonly fields: FieldSet;
  readonly scope: ObjectScope;
  dataMember: string;
  index: string;
  stayInSync: boolean;
};

const SOURCE = 'ADODB.Recordset' satisfies AdoSource;
/** Most elements of the array that GetRows makes. */
const MOST_CELLS = 16 * 1024 * 1024;
/** Most characters of the text that GetString makes. */
const MOST_TEXT = 64 * 1024 * 1024;

const long = (read: (self: Self) => number): Member<Self> => ({
  arity: [0, 0],
  get: (self) => new Scalar(VT.long, read(self)),
});
const longBoth = (
  read: (recordset: Recordset) => number,
  write: (recordset: Recordset, value: number) => void,
): Member<Self> => ({
  ...long(({ recordset }) => read(recordset)),
  put: ({ recordset }, args) => write(recordset, longAt(args, 0)),
});
const method = (
  arity: readonly [number, number],
  work: (self: Self, args: readonly AutomationArgument[]) => unknown,
): Member<Self> => ({ arity, call: (self, args) => work(self, args) as AutomationValue });

const face = automationFace<Self>({
  name: 'Recordset',
  defaultMember: 'Fields',
  release: ({ recordset }) => recordset.release(),
  members: {
    Fields: {
      arity: [0, 1],
      get: (self, args) => (args.length === 0 ? fieldsFace(self.fields) : self.fields.item(args[0], SOURCE)),
      put: (self, args) => {
        if (args.length !== 2) throw adoError(3001, SOURCE);
        self.fields.field(args[0], SOURCE).put(args[1]);
      },
    },
    // Opening and closing.
    Open: method([0, 5], open),
    Close: method([0, 0], ({ recordset }) => recordset.close()),
    State: long(({ recordset }) => recordset.state),
    Source: {
      arity: [0, 0],
      get: ({ recordset }) => recordset.source,
      put: ({ recordset }, args) => setSource(recordset, args[0]),
    },
    ActiveConnection: {
      arity: [0, 0],
      get: ({ recordset }) => recordset.connection?.face ?? NOTHING,
      put: (self, args) => setConnection(self, args[0]),
    },
    ActiveCommand: { arity: [0, 0], get: ({ recordset }) => recordset.sourceCommand ?? NOTHING },
    CursorType: longBoth(
      (recordset) => recordset.cursorType,
      (recordset, value) => setChoice(recordset, value, [0, 1, 2, 3], () => (recordset.cursorType = value)),
    ),
    LockType: longBoth(
      (recordset) => recordset.lockType,
      (recordset, value) => setChoice(recordset, value, [1, 2, 3, 4], () => (recordset.lockType = value)),
    ),
    CursorLocation: longBoth(
      (recordset) => recordset.cursorLocation,
      (recordset, value) => setChoice(recordset, value, [1, 2, 3], () => (recordset.cursorLocation = value)),
    ),
    MaxRecords: longBoth(
      (recordset) => recordset.maxRecords,
      (recordset, value) =>
        setChoice(recordset, Math.sign(value), [0, 1], () => (recordset.maxRecords = value)),
    ),
    CacheSize: longBoth(
      (recordset) => recordset.cacheSize,
      (recordset, value) => {
        if (value < 1) throw adoError(3001, SOURCE);
        recordset.cacheSize = value;
      },
    ),
    MarshalOptions: longBoth(
      (recordset) => recordset.marshalOptions,
      (recordset, value) => {
        recordset.marshalOptions = value;
      },
    ),
    DataMember: {
      arity: [0, 0],
      get: (self) => self.dataMember,
      put: (self, args) => {
        self.dataMember = textAt(args, 0);
      },
    },
    DataSource: { arity: [0, 0], get: () => NOTHING },
    StayInSync: {
      arity: [0, 0],
      get: (self) => self.stayInSync,
      put: (self, args) => {
        self.stayInSync = Boolean(plainOf(args[0]));
      },
    },
    Index: {
      arity: [0, 0],
      get: (self) => self.index,
      put: () => {
        throw notCapable(SOURCE, 'Index and Seek need a table cursor of Jet; use WHERE or Find.');
      },
    },
    Seek: method([1, 2], () => {
      throw notCapable(SOURCE, 'Index and Seek need a table cursor of Jet; use WHERE or Find.');
    }),
    Requery: method([0, 1], ({ recordset }) => recordset.requery()),
    Resync: method([0, 2], ({ recordset }) => void recordset.rowset()),
    Cancel: method([0, 0], () => undefined),
    NextRecordset: method([0, 1], nextRecordset),
    Clone: method([0, 1], (self, args) =>
      createRecordset(self.scope, self.recordset.clone(longAt(args, 0, -1))),
    ),
    Properties: {
      arity: [0, 1],
      get: (self, args) => {
        const all = propertiesOf(self.recordset);
        return args.length === 0 ? all : all.invoke('get', 'Item', args);
      },
    },
    Supports: method([1, 1], ({ recordset }, args) => supports(recordset, longAt(args, 0))),
    // Moving.
    BOF: { arity: [0, 0], get: ({ recordset }) => recordset.isBof },
    EOF: { arity: [0, 0], get: ({ recordset }) => recordset.isEof },
    MoveFirst: method([0, 0], ({ recordset }) => recordset.moveFirst()),
    MoveLast: method([0, 0], ({ recordset }) => recordset.moveLast()),
    MoveNext: method([0, 0], ({ recordset }) => recordset.moveNext()),
    MovePrevious: method([0, 0], ({ recordset }) => recordset.movePrevious()),
    Move: method([1, 2], ({ recordset }, args) =>
      recordset.move(longAt(args, 0), isMissing(args, 1) ? undefined : longAt(args, 1)),
    ),
    RecordCount: long(({ recordset }) => recordset.recordCount),
    PageCount: long(({ recordset }) => recordset.pageCount),
    PageSize: longBoth(
      (recordset) => recordset.pageSize,
      (recordset, value) => {
        recordset.pageSize = value;
      },
    ),
    AbsolutePage: longBoth(
      (recordset) => recordset.absolutePage,
      (recordset, value) => {
        recordset.absolutePage = value;
      },
    ),
    AbsolutePosition: longBoth(
      (recordset) => recordset.absolutePosition,
      (recordset, value) => {
        recordset.absolutePosition = value;
      },
    ),
    Bookmark: {
      arity: [0, 0],
      get: ({ recordset }) => new Scalar(VT.double, recordset.bookmark),
      put: ({ recordset }, args) => {
        recordset.bookmark = longAt(args, 0);
      },
    },
    CompareBookmarks: method([2, 2], ({ recordset }, args) =>
      recordset.compareBookmarks(longAt(args, 0), longAt(args, 1)),
    ),
    Filter: {
      arity: [0, 0],
      get: ({ recordset }) => {
        const { filter } = recordset;
        return filter === '' ? 0 : typeof filter === 'object' ? VariantArray.of([...filter]) : filter;
      },
      put: ({ recordset }, args) => {
        recordset.filter = filterOf(argumentValue(args[0]));
      },
    },
    Sort: {
      arity: [0, 0],
      get: ({ recordset }) => recordset.sort,
      put: ({ recordset }, args) => {
        recordset.sort = textAt(args, 0);
      },
    },
    Find: method([1, 4], ({ recordset }, args) =>
      recordset.find(
        textAt(args, 0),
        longAt(args, 1, 0),
        longAt(args, 2, 1) < 0 ? -1 : 1,
        isMissing(args, 3) ? undefined : longAt(args, 3),
      ),
    ),
    // Changing.
    AddNew: method([0, 2], addNew),
    Update: method([0, 2], update),
    CancelUpdate: method([0, 0], ({ recordset }) => recordset.cancelUpdate()),
    UpdateBatch: method([0, 1], ({ recordset }) => recordset.updateBatch()),
    CancelBatch: method([0, 1], ({ recordset }) => recordset.cancelBatch()),
    Delete: method([0, 1], ({ recordset }, args) =>
      recordset.delete(longAt(args, 0, 1) === 1 ? 'current' : 'group'),
    ),
    EditMode: long(({ recordset }) => recordset.editMode),
    Status: long(({ recordset }) => recordset.status),
    // Whole results.
    GetRows: method([0, 3], getRows),
    GetString: method([0, 5], getString),
    Save: method([0, 2], ({ recordset, scope }, args) =>
      saveRecordset(recordset, scope, argumentValue(args[0]), longAt(args, 1, 0)),
    ),
  },
});

export function createRecordset(scope: ObjectScope, recordset = new Recordset()): AutomationObject {
  return face({
    recordset,
    scope,
    fields: new FieldSet(recordset),
    dataMember: '',
    index: '',
    stayInSync: true,
  });
}

/** A recordset over results of a connection's or command's Execute. */
export function recordsetOf(
  scope: ObjectScope,
  connection: Connection,
  results: readonly SessionResult[],
  text: string,
): AutomationObject {
  const recordset = new Recordset();
  recordset.connection = connection;
  recordset.source = text;
  if (connection.cursorLocation === LOCATION.client) recordset.cursorLocation = LOCATION.client;
  recordset.take(results);
  return createRecordset(scope, recordset);
}

function open(self: Self, args: readonly AutomationArgument[]): void {
  const { recordset } = self;
  recordset.requireClosed();
  if (!isMissing(args, 0)) setSource(recordset, args[0]);
  if (!isMissing(args, 1)) setConnection(self, args[1]);
  const cursor = longAt(args, 2, -1);
  if (cursor >= 0) setChoice(recordset, cursor, [0, 1, 2, 3], () => (recordset.cursorType = cursor));
  const lock = longAt(args, 3, -1);
  if (lock >= 0) setChoice(recordset, lock, [1, 2, 3, 4], () => (recordset.lockType = lock));
  const options = longAt(args, 4, COMMAND.unspecified);
  const command = commands.behind(recordset.sourceCommand);
  if (command === undefined && recordset.connection === undefined && recordset.source === '') {
    if (recordset.columns.length === 0) throw adoError(3709, SOURCE);
    recordset.openMade();
    return;
  }
  const run = {
    wants: recordset.lockType === LOCK.readOnly ? ('values' as const) : ('rows' as const),
    maxRows: recordset.maxRecords,
  };
  recordset.reopen = () => results(recordset, command, run, options);
  try {
    recordset.take(recordset.reopen());
  } catch (thrown) {
    recordset.reopen = undefined;
    throw thrown;
  }
}

function results(
  recordset: Recordset,
  command: Command | undefined,
  run: { wants: 'values' | 'rows'; maxRows: number },
  options: number,
): SessionResult[] {
  if (command !== undefined) {
    recordset.connection = command.connection;
    return command.execute([], run, options);
  }
  const { connection } = recordset;
  if (connection === undefined) throw adoError(3709, SOURCE);
  if (recordset.cursorLocation !== LOCATION.client && connection.cursorLocation === LOCATION.client)
    recordset.cursorLocation = LOCATION.client;
  return connection.execute(
    recordset.source,
    { commandType: options, parameters: [], run: { ...run, timeoutMs: 0 } },
    SOURCE,
  );
}

function setSource(recordset: Recordset, argument: AutomationArgument): void {
  recordset.requireClosed();
  const value = argumentValue(argument);
  const command = commands.behind(value);
  if (command !== undefined) {
    recordset.sourceCommand = value as AutomationObject;
    recordset.source = command.text;
    return;
  }
  const text = plainOf(value);
  if (typeof text !== 'string') throw adoError(3001, SOURCE);
  recordset.sourceCommand = undefined;
  recordset.source = text;
}

/** A connection, a connection string, or Nothing: the recordset keeps its rows without the database. */
function setConnection({ recordset, scope }: Self, argument: AutomationArgument): void {
  const value = argumentValue(argument);
  if (recordset.sourceCommand !== undefined) {
    if (connections.behind(value) === recordset.connection && recordset.isOpen) return;
    throw adoError(recordset.isOpen ? 3707 : 3001, SOURCE);
  }
  if (isBlank(value)) {
    if (recordset.isOpen && recordset.cursorLocation !== LOCATION.client) throw adoError(3705, SOURCE);
    recordset.ownConnection?.release();
    recordset.ownConnection = undefined;
    recordset.connection = undefined;
    return;
  }
  if (recordset.isOpen && recordset.connection !== undefined) throw adoError(3705, SOURCE);
  recordset.connection = connectionFrom(scope, value, (own) => {
    recordset.ownConnection = own;
  });
}

/** The connection that an argument means; `opened` is told of one that had to be opened for it. */
export function connectionFrom(
  scope: ObjectScope,
  value: AutomationValue,
  opened: (connection: Connection) => void,
  source: AdoSource = SOURCE,
): Connection {
  const known = connections.behind(value);
  if (known !== undefined) {
    known.session(source);
    return known;
  }
  const text = isAutomationObject(value) ? undefined : plainOf(value);
  if (typeof text !== 'string') throw adoError(3001, source);
  const made = scope.createObject('ADODB.Connection');
  made.invoke('call', 'Open', [text]);
  const connection = connections.behind(made)!;
  opened(connection);
  return connection;
}

function setChoice(recordset: Recordset, value: number, allowed: readonly number[], set: () => void): void {
  recordset.requireClosed();
  if (!allowed.includes(value)) throw adoError(3001, SOURCE);
  set();
}

function nextRecordset(self: Self): AutomationValue {
  const rest = self.recordset.further();
  const { connection } = self.recordset;
  return rest === undefined || connection === undefined
    ? NOTHING
    : recordsetOf(self.scope, connection, rest, self.recordset.source);
}

function addNew({ recordset, fields }: Self, args: readonly AutomationArgument[]): void {
  if (!isMissing(args, 0) && isMissing(args, 1)) throw adoError(3001, SOURCE);
  recordset.addNew();
  if (isMissing(args, 0)) return;
  try {
    putFields(fields, args[0], args[1]);
    recordset.update();
  } catch (thrown) {
    recordset.cancelUpdate();
    throw thrown;
  }
}

function update({ recordset, fields }: Self, args: readonly AutomationArgument[]): void {
  if (!isMissing(args, 0)) {
    if (isMissing(args, 1)) throw adoError(3001, SOURCE);
    putFields(fields, args[0], args[1]);
  }
  recordset.update();
}

function filterOf(value: AutomationValue): string | number | number[] {
  if (value instanceof VariantArray)
    return value.elements.map((element) => {
      const id = plainOf(element);
      return id instanceof Scalar ? id.value : Number(id);
    });
  const plain = plainOf(value);
  if (typeof plain === 'string' || typeof plain === 'number') return plain;
  if (plain === undefined) return '';
  throw adoError(3001, SOURCE);
}

function getRows({ recordset, fields }: Self, args: readonly AutomationArgument[]): AutomationValue {
  const count = longAt(args, 0, -1);
  const start = isMissing(args, 1) || isBlank(argumentValue(args[1])) ? undefined : longAt(args, 1);
  const wanted = isMissing(args, 2) || isBlank(argumentValue(args[2])) ? undefined : argumentValue(args[2]);
  const indexes =
    wanted === undefined
      ? recordset.columns.map((_, index) => index)
      : wanted instanceof VariantArray
        ? wanted.elements.map((name) => fields.indexOf(name, SOURCE))
        : [fields.indexOf(wanted, SOURCE)];
  const rows = recordset.takeRows(count, start);
  if (rows.length * indexes.length > MOST_CELLS)
    throw adoError(
      3000,
      SOURCE,
      `GetRows would make an array of more than ${MOST_CELLS} elements; ask for fewer rows.`,
    );
  const elements: AutomationValue[] = new Array(rows.length * indexes.length);
  let at = 0;
  for (const row of rows)
    for (const index of indexes) {
      elements[at] = toScript(recordset.columns[index]!.type.type, row.values[index]!);
      at += 1;
    }
  return new VariantArray([indexes.length - 1, rows.length - 1], elements);
}

function getString({ recordset }: Self, args: readonly AutomationArgument[]): AutomationValue {
  if (longAt(args, 0, 2) !== 2) throw adoError(3001, SOURCE);
  const count = longAt(args, 1, -1);
  const columnEnd = textAt(args, 2, '\t');
  const rowEnd = textAt(args, 3, '\r');
  const nullText = textAt(args, 4, '');
  const { columns } = recordset;
  let text = '';
  for (const row of recordset.takeRows(count, undefined)) {
    text +=
      columns.map((column, index) => shownText(column, row.values[index]!, nullText)).join(columnEnd) +
      rowEnd;
    if (text.length > MOST_TEXT)
      throw adoError(
        3000,
        SOURCE,
        `GetString would make a text of more than ${MOST_TEXT} characters; ask for fewer rows.`,
      );
  }
  return text;
}

/** CursorOptionEnum. */
const OPTION = {
  holdRecords: 0x100,
  movePrevious: 0x200,
  addNew: 0x100_0400,
  delete: 0x100_0800,
  update: 0x100_8000,
  bookmark: 0x2000,
  approxPosition: 0x4000,
  updateBatch: 0x1_0000,
  resync: 0x2_0000,
  notify: 0x4_0000,
  find: 0x8_0000,
  seek: 0x40_0000,
  index: 0x80_0000,
} as const;

function supports(recordset: Recordset, option: number): boolean {
  recordset.rowset();
  const hasPlaces = !recordset.isForwardOnly;
  switch (option) {
    case OPTION.addNew:
    case OPTION.delete:
    case OPTION.update:
      return recordset.isUpdatable;
    case OPTION.movePrevious:
    case OPTION.bookmark:
    case OPTION.approxPosition:
      return hasPlaces;
    case OPTION.updateBatch:
      return recordset.lockType === LOCK.batchOptimistic;
    case OPTION.find:
      return true;
    default:
      return false;
  }
}

function propertiesOf(recordset: Recordset): AutomationObject {
  return createProperties([
    { name: 'Bookmarkable', get: () => !recordset.isForwardOnly },
    { name: 'Can Scroll Backwards', get: () => !recordset.isForwardOnly },
    { name: 'Maximum Rows', get: () => recordset.maxRecords },
    { name: 'Unique Table', get: () => '', put: () => {} },
    { name: 'Update Criteria', get: () => 0, put: () => {} },
    { name: 'Update Resync', get: () => 1, put: () => {} },
    { name: 'Resync Command', get: () => '', put: () => {} },
    { name: 'Optimize', get: () => false, put: () => {} },
  ]);
}
