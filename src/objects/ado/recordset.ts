/**
 * ADODB.Recordset without its legacy names: the cursor.
 * Owns: where the cursor stands, filter, order, pages, the row that is being edited, when rows are written.
 * Leaves: members (recordset-face), rows and their writing (rowset), opening by text (connection).
 * Fails: AutomationError as ADO raises it.
 * Sources: doc "ADO Recordset Object"; doc "Using CursorType, LockType in ADO".
 *
 * States: closed → open; while open the edited row is none, in progress, or being added. Moving off an edited row writes
 * it first, as ADO does; Close with an edit under way is refused unless the lock is of batches.
 * `#at` is an index into `#view`: -1 stands before the first row, `#view.length` behind the last.
 */
import type { AutomationObject } from '../../automation/index.ts';
import { type Connection, STATE } from './connection.ts';
import { parseCriteria, parseSort } from './criteria.ts';
import type { DbValue } from './database.ts';
import { type AdoSource, adoError, notCapable } from './errors.ts';
import { type FieldColumn, type Row, Rowset } from './rowset.ts';
import type { SessionResult } from './session.ts';

export const CURSOR = { forwardOnly: 0, keyset: 1, dynamic: 2, static: 3 } as const;
export const LOCK = { readOnly: 1, pessimistic: 2, optimistic: 3, batchOptimistic: 4 } as const;
export const LOCATION = { server: 2, client: 3 } as const;
export const EDIT = { none: 0, inProgress: 1, add: 2, delete: 4 } as const;
const FILTER = { none: 0, pending: 1, affected: 2, fetched: 3, conflicting: 5 } as const;
/** RecordStatusEnum. */
const STATUS = { ok: 0, new: 1, modified: 2, deleted: 4, unmodified: 8 } as const;
/** PositionEnum. */
const POSITION = { unknown: -1, bof: -2, eof: -3 } as const;

const SOURCE: AdoSource = 'ADODB.Recordset';

type Edit = { readonly mode: 'progress' | 'add'; readonly row: Row; values: DbValue[]; changed: Set<number> };

export class Recordset {
  connection: Connection | undefined;
  /** A connection that this recordset opened for itself. */
  ownConnection: Connection | undefined;
  source = '';
  sourceCommand: AutomationObject | undefined;
  cursorType: number = CURSOR.forwardOnly;
  lockType: number = LOCK.readOnly;
  cursorLocation: number = LOCATION.server;
  cacheSize = 1;
  maxRecords = 0;
  marshalOptions = 0;
  #pageSize = 10;
  #rowset: Rowset | undefined;
  #view: Row[] = [];
  #at = -1;
  #edit: Edit | undefined;
  #filter: string | number | readonly number[] = '';
  #sort = '';
  /** Results of the same command that come after this one. */
  #further: SessionResult[] = [];
  /** Columns appended before Open, for a recordset of its own. */
  #made: FieldColumn[] = [];
  /** What Requery runs again. */
  reopen: (() => SessionResult[]) | undefined;
  /** Deleted rows that are still in the view. */
  #gaps = 0;
  /** Rows that the last UpdateBatch touched. */
  #affected = new Set<Row>();

  get state(): number {
    return this.#rowset === undefined ? STATE.closed : STATE.open;
  }

  get isOpen(): boolean {
    return this.#rowset !== undefined;
  }

  rowset(source: AdoSource = SOURCE): Rowset {
    if (this.#rowset === undefined) throw adoError(3704, source);
    return this.#rowset;
  }

  /** Columns, also of a recordset that is still being made. */
  get columns(): readonly FieldColumn[] {
    return this.#rowset?.columns ?? this.#made;
  }

  requireClosed(): void {
    if (this.#rowset !== undefined) throw adoError(3705, SOURCE);
  }

  /** Fields.Append. */
  makeColumn(column: FieldColumn): void {
    if (this.#rowset !== undefined) throw adoError(3219, 'ADODB.Fields');
    if (this.#made.some(({ name }) => name.toLowerCase() === column.name.toLowerCase()))
      throw adoError(3367, 'ADODB.Fields');
    this.#made.push(column);
  }

  removeColumn(index: number): void {
    if (this.#rowset !== undefined) throw adoError(3219, 'ADODB.Fields');
    this.#made.splice(index, 1);
  }

  /** Opens over columns that were appended. */
  openMade(): void {
    this.cursorLocation = LOCATION.client;
    this.cursorType = CURSOR.static;
    if (this.lockType === LOCK.readOnly) this.lockType = LOCK.optimistic;
    this.show(new Rowset([...this.#made], [], undefined));
  }

  /** Takes results of a command; the first is shown. */
  take(results: readonly SessionResult[]): void {
    const [first, ...rest] = results;
    this.#further = rest;
    if (this.cursorLocation === LOCATION.client) this.cursorType = CURSOR.static;
    // The databases of today have no rows that appear while one reads.
    else if (this.cursorType === CURSOR.dynamic) this.cursorType = CURSOR.keyset;
    if (first === undefined || first.columns.length === 0) this.#rowset = undefined;
    else this.show(Rowset.of(first));
  }

  show(rowset: Rowset): void {
    this.#rowset = rowset;
    this.#filter = '';
    this.#sort = '';
    this.#edit = undefined;
    this.#lookAgain();
    this.#at = this.#view.length === 0 ? -1 : 0;
  }

  close(): void {
    this.rowset();
    if (this.#edit !== undefined && this.lockType !== LOCK.batchOptimistic && this.connection !== undefined)
      throw adoError(3219, SOURCE);
    this.#drop();
  }

  #drop(): void {
    this.#rowset = undefined;
    this.#view = [];
    this.#edit = undefined;
    this.#further = [];
    this.#made = [];
    this.ownConnection?.release();
    if (this.ownConnection !== undefined) this.connection = undefined;
    this.ownConnection = undefined;
  }

  release(): void {
    this.#drop();
  }

  requery(): void {
    this.rowset();
    if (this.reopen === undefined) throw adoError(3219, SOURCE);
    this.#finishEdit();
    this.take(this.reopen());
  }

  /** The next result of a batch; undefined: there is none. This recordset is closed by it. */
  further(): SessionResult[] | undefined {
    const rest = this.#further;
    this.#rowset = undefined;
    this.#further = [];
    return rest.length === 0 ? undefined : rest;
  }

  // The cursor.

  get isBof(): boolean {
    this.rowset();
    return this.#edit?.mode !== 'add' && (this.#view.length === 0 || this.#at < 0);
  }

  get isEof(): boolean {
    this.rowset();
    return this.#edit?.mode !== 'add' && (this.#view.length === 0 || this.#at >= this.#view.length);
  }

  /** Forward-only cursors know neither places nor how many rows there are. */
  get isForwardOnly(): boolean {
    return this.cursorType === CURSOR.forwardOnly && this.cursorLocation !== LOCATION.client;
  }

  moveFirst(): void {
    this.#leave();
    if (this.#view.length === 0) throw adoError(3021, SOURCE);
    this.#at = 0;
  }

  moveLast(): void {
    this.#leave();
    this.#requireBackward();
    if (this.#view.length === 0) throw adoError(3021, SOURCE);
    this.#at = this.#view.length - 1;
  }

  moveNext(): void {
    this.#leave();
    if (this.#view.length === 0 || this.#at >= this.#view.length) throw adoError(3021, SOURCE);
    this.#at += 1;
    this.#skipDeleted(1);
  }

  movePrevious(): void {
    this.#leave();
    this.#requireBackward();
    if (this.#view.length === 0 || this.#at < 0) throw adoError(3021, SOURCE);
    this.#at -= 1;
    this.#skipDeleted(-1);
  }

  /** `start`: a bookmark, or undefined for the current row. */
  move(count: number, start: number | undefined): void {
    this.#leave();
    if (count < 0) this.#requireBackward();
    if (this.#view.length === 0) throw adoError(3021, SOURCE);
    const from = start === undefined ? this.#at : this.#indexOf(start);
    if (count < 0 && from < 0) throw adoError(3021, SOURCE);
    if (count > 0 && from >= this.#view.length) throw adoError(3021, SOURCE);
    this.#at = Math.max(-1, Math.min(this.#view.length, from + count));
  }

  #requireBackward(): void {
    if (this.isForwardOnly)
      throw notCapable(SOURCE, 'The cursor is forward-only; open the recordset with adOpenStatic.');
  }

  /** A row deleted under the cursor stays current until the cursor moves; then it is passed over. */
  #skipDeleted(step: 1 | -1): void {
    while (this.#view[this.#at]?.state === 'deleted' && this.#filter !== FILTER.pending) this.#at += step;
  }

  get absolutePosition(): number {
    this.rowset();
    if (this.isForwardOnly) return POSITION.unknown;
    if (this.#view.length === 0) return POSITION.unknown;
    if (this.#at < 0) return POSITION.bof;
    return this.#at >= this.#view.length ? POSITION.eof : this.#at + 1;
  }

  set absolutePosition(position: number) {
    this.#leave();
    this.#requirePlaces();
    if (position < 1) throw adoError(3001, SOURCE);
    if (this.#view.length === 0) throw adoError(3021, SOURCE);
    this.#at = Math.min(position - 1, this.#view.length);
  }

  get pageSize(): number {
    return this.#pageSize;
  }

  set pageSize(size: number) {
    if (size < 1) throw adoError(3001, SOURCE);
    this.#pageSize = size;
  }

  get pageCount(): number {
    this.rowset();
    return this.isForwardOnly ? -1 : Math.ceil(this.#view.length / this.#pageSize);
  }

  get absolutePage(): number {
    const position = this.absolutePosition;
    return position < 0 ? position : Math.ceil(position / this.#pageSize);
  }

  set absolutePage(page: number) {
    this.#leave();
    this.#requirePlaces();
    if (this.#view.length === 0) throw adoError(3021, SOURCE);
    if (page < 1 || page > this.pageCount) throw adoError(3001, SOURCE);
    this.#at = (page - 1) * this.#pageSize;
  }

  get recordCount(): number {
    this.rowset();
    return this.isForwardOnly ? -1 : this.#view.length - (this.#filter === FILTER.pending ? 0 : this.#gaps);
  }

  #requirePlaces(): void {
    if (this.isForwardOnly)
      throw notCapable(SOURCE, 'The cursor is forward-only; open the recordset with adOpenStatic.');
  }

  get bookmark(): number {
    this.#requirePlaces();
    return this.current().id;
  }

  set bookmark(id: number) {
    this.#leave();
    this.#requirePlaces();
    this.#at = this.#indexOf(id);
  }

  compareBookmarks(a: number, b: number): number {
    const [left, right] = [this.#indexOf(a), this.#indexOf(b)];
    return left === right ? 1 : left < right ? 0 : 2;
  }

  #indexOf(id: number): number {
    // BookmarkEnum: 0 the current row, 1 the first, 2 the last; our own begin behind them.
    if (id === 0) return this.#at;
    const index = this.#view.findIndex((row) => row.id === id);
    if (index < 0) throw adoError(3001, SOURCE, 'The bookmark is not of this recordset.');
    return index;
  }

  /** The current row; 3021 when there is none. */
  current(source: AdoSource = SOURCE): Row {
    this.rowset(source);
    const row = this.#edit?.row ?? this.#view[this.#at];
    if (row === undefined || (row.state === 'deleted' && this.#filter !== FILTER.pending))
      throw adoError(3021, source);
    return row;
  }

  // Values.

  valueAt(index: number, source: AdoSource = 'ADODB.Field'): DbValue {
    const row = this.current(source);
    return (this.#edit?.row === row ? this.#edit.values : row.values)[index] ?? null;
  }

  originalAt(index: number): DbValue {
    const row = this.current('ADODB.Field');
    return (row.original ?? row.values)[index] ?? null;
  }

  setAt(index: number, value: DbValue): void {
    this.#requireUpdatable();
    const row = this.current('ADODB.Field');
    this.#edit ??= { mode: 'progress', row, values: [...row.values], changed: new Set(row.changed) };
    this.#edit.values[index] = value;
    this.#edit.changed.add(index);
  }

  get editMode(): number {
    this.rowset();
    if (this.#edit !== undefined) return this.#edit.mode === 'add' ? EDIT.add : EDIT.inProgress;
    return this.#view[this.#at]?.state === 'deleted' ? EDIT.delete : EDIT.none;
  }

  get status(): number {
    const row = this.#edit?.row ?? this.#view[this.#at];
    this.rowset();
    if (row === undefined) throw adoError(3021, SOURCE);
    if (row.state === 'clean') return this.lockType === LOCK.batchOptimistic ? STATUS.unmodified : STATUS.ok;
    return row.state === 'new' ? STATUS.new : row.state === 'modified' ? STATUS.modified : STATUS.deleted;
  }

  #requireUpdatable(): void {
    this.rowset();
    if (this.lockType === LOCK.readOnly) throw adoError(3251, SOURCE);
  }

  get isUpdatable(): boolean {
    return this.lockType !== LOCK.readOnly;
  }

  addNew(): void {
    this.#requireUpdatable();
    this.#finishEdit();
    const values = this.columns.map(() => null);
    const row = { values, keys: [], state: 'new', original: undefined, changed: new Set(), id: 0 } as Row;
    this.#edit = { mode: 'add', row, values: [...values], changed: new Set() };
  }

  /** Writes the edited row, or keeps it until UpdateBatch. */
  update(): void {
    const rowset = this.rowset();
    this.#requireUpdatable();
    const edit = this.#edit;
    if (edit === undefined) {
      if (this.#view[this.#at] === undefined) throw adoError(3021, SOURCE);
      return;
    }
    if (edit.mode === 'add') {
      const draft: Row = { ...edit.row, values: edit.values, changed: edit.changed };
      const row = rowset.add(draft.values, [], 'new');
      row.changed = edit.changed;
      try {
        this.#store(row);
      } catch (thrown) {
        rowset.rows = rowset.rows.filter((kept) => kept !== row);
        throw thrown;
      }
      this.#edit = undefined;
      this.#view.push(row);
      this.#at = this.#view.length - 1;
      return;
    }
    const { row } = edit;
    const before = { values: row.values, state: row.state, changed: row.changed };
    row.values = edit.values;
    row.changed = edit.changed;
    if (row.state === 'clean') row.state = 'modified';
    try {
      this.#store(row);
    } catch (thrown) {
      Object.assign(row, before);
      throw thrown;
    }
    this.#edit = undefined;
  }

  cancelUpdate(): void {
    this.rowset();
    this.#edit = undefined;
  }

  /** `group`: all rows that the filter shows. */
  delete(which: 'current' | 'group'): void {
    this.#requireUpdatable();
    this.#edit = undefined;
    const rows = which === 'group' ? this.#view.filter((row) => row.state !== 'deleted') : [this.current()];
    for (const row of rows) {
      const before = row.state;
      row.state = 'deleted';
      try {
        this.#store(row, before);
      } catch (thrown) {
        row.state = before;
        throw thrown;
      }
      this.#gaps += 1;
    }
  }

  /** Now, or with the batch; a recordset without a connection keeps its rows itself. */
  #store(row: Row, before?: Row['state']): void {
    const rowset = this.rowset();
    const { connection } = this;
    if (this.lockType === LOCK.batchOptimistic || connection === undefined) {
      if (row.state === 'deleted' && before === 'new')
        rowset.rows = rowset.rows.filter((kept) => kept !== row);
      if (connection === undefined && this.reopen === undefined && row.state !== 'deleted')
        rowset.settle(row);
      return;
    }
    connection.attempt(() => rowset.write(row, connection.session(SOURCE)));
  }

  updateBatch(): void {
    const rowset = this.rowset();
    this.#finishEdit();
    const { connection } = this;
    if (connection === undefined) {
      for (const row of rowset.rows) if (row.state !== 'deleted') rowset.settle(row);
      return;
    }
    this.#affected = new Set(rowset.rows.filter((row) => row.state !== 'clean'));
    for (const row of this.#affected) connection.attempt(() => rowset.write(row, connection.session(SOURCE)));
    this.#stay();
  }

  cancelBatch(): void {
    const rowset = this.rowset();
    this.#edit = undefined;
    for (const row of [...rowset.rows]) if (row.state !== 'clean') rowset.restore(row);
    this.#stay();
  }

  /** Looks again at the rows and stays where it was, if that row is still there. */
  #stay(): void {
    const current = this.#view[this.#at];
    this.#lookAgain();
    const index = current === undefined ? -1 : this.#view.indexOf(current);
    this.#at = index >= 0 ? index : Math.min(Math.max(this.#at, 0), this.#view.length);
  }

  /** Before the cursor moves: what was edited is written. */
  #finishEdit(): void {
    if (this.#edit !== undefined) this.update();
  }

  #leave(): void {
    this.rowset();
    this.#finishEdit();
    if (this.#gaps === 0 || this.#filter === FILTER.pending) return;
    // A row that was deleted under the cursor is a gap until the cursor moves; those behind it are closed.
    const current = this.#view[this.#at];
    const gone = this.#view.slice(0, Math.max(0, this.#at)).filter((row) => row.state === 'deleted').length;
    this.#view = this.#view.filter((row) => row.state !== 'deleted' || row === current);
    this.#at -= gone;
    this.#gaps = current?.state === 'deleted' ? 1 : 0;
  }

  // Filter, order, search.

  get filter(): string | number | readonly number[] {
    return this.#filter;
  }

  set filter(filter: string | number | readonly number[]) {
    this.rowset();
    this.#finishEdit();
    const before = this.#filter;
    this.#filter = filter === FILTER.none ? '' : filter;
    try {
      this.#lookAgain();
    } catch (thrown) {
      this.#filter = before;
      throw thrown;
    }
    this.#at = this.#view.length === 0 ? -1 : 0;
  }

  get sort(): string {
    return this.#sort;
  }

  set sort(sort: string) {
    this.rowset();
    if (this.cursorLocation !== LOCATION.client)
      throw notCapable(SOURCE, 'Sort needs a client cursor: set CursorLocation to adUseClient before Open.');
    this.#finishEdit();
    parseSort(sort, this.rowset());
    this.#sort = sort;
    this.#lookAgain();
    this.#at = this.#view.length === 0 ? -1 : 0;
  }

  #lookAgain(): void {
    const rowset = this.rowset();
    const filter = this.#filter;
    const shows = this.#shownBy(filter, rowset);
    const rows = rowset.rows.filter(shows);
    this.#gaps = 0;
    const order = parseSort(this.#sort, rowset);
    this.#view = order === undefined ? rows : rows.sort(order);
  }

  #shownBy(filter: string | number | readonly number[], rowset: Rowset): (row: Row) => boolean {
    const isThere = (row: Row): boolean => row.state !== 'deleted';
    if (typeof filter === 'string') {
      if (filter.trim() === '') return isThere;
      const criterion = parseCriteria(filter, rowset, 'filter');
      return (row) => isThere(row) && criterion(row);
    }
    if (typeof filter !== 'number') return (row) => isThere(row) && filter.includes(row.id);
    switch (filter) {
      case FILTER.pending:
        return (row) => row.state !== 'clean';
      case FILTER.affected:
        return (row) => this.#affected.has(row);
      case FILTER.conflicting:
        return () => false;
      case FILTER.fetched:
        return isThere;
      default:
        throw adoError(3001, SOURCE);
    }
  }

  find(criteria: string, skip: number, step: 1 | -1, start: number | undefined): void {
    this.#leave();
    if (step < 0) this.#requireBackward();
    const criterion = parseCriteria(criteria, this.rowset(), 'find');
    if (start === undefined && this.#view.length > 0 && (this.#at < 0 || this.#at >= this.#view.length))
      throw adoError(3021, SOURCE);
    let at = (start === undefined ? this.#at : this.#indexOf(start)) + skip * step;
    while (at >= 0 && at < this.#view.length && !criterion(this.#view[at]!)) at += step;
    this.#at = Math.max(-1, Math.min(this.#view.length, at));
  }

  /** Rows from the cursor on, at most `count`; the cursor stands behind them afterwards. */
  takeRows(count: number, start: number | undefined): Row[] {
    this.#leave();
    if (start !== undefined)
      this.#at = start === 1 ? 0 : start === 2 ? this.#view.length - 1 : this.#indexOf(start);
    if (this.#view.length === 0 || this.#at >= this.#view.length || this.#at < 0)
      throw adoError(3021, SOURCE);
    const rows = this.#view.slice(this.#at, count < 0 ? undefined : this.#at + count);
    this.#at += rows.length;
    return rows;
  }

  /** All rows of the view, for Save. */
  get shown(): readonly Row[] {
    return this.#view;
  }

  /** Another cursor over the same rows. */
  clone(lock: number): Recordset {
    this.#requirePlaces();
    const copy = new Recordset();
    copy.connection = this.connection;
    copy.source = this.source;
    copy.cursorType = this.cursorType;
    copy.cursorLocation = this.cursorLocation;
    copy.lockType = lock === LOCK.readOnly ? LOCK.readOnly : this.lockType;
    copy.maxRecords = this.maxRecords;
    copy.reopen = this.reopen;
    copy.show(this.rowset());
    return copy;
  }
}
