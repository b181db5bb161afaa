/**
 * ADODB.Connection, its Errors and what OpenSchema lists, under their members' names.
 * Owns: names, optional arguments.  Leaves: the connection (connection), recordsets (recordset-face).
 * Sources: doc "ADO Connection Object Properties, Methods, and Events"; doc "SchemaEnum".
 */
import {
  ArgumentReference,
  type AutomationArgument,
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  DISP_E,
  type InvokeKind,
  type Member,
  NOTHING,
  Scalar,
  VT,
} from '../../automation/index.ts';
import { argumentValue, isMissing, longAt, longOf, plainOf, textAt } from '../arguments.ts';
import type { ObjectScope } from '../scope.ts';
import { COMMAND, Connection, connections, type ErrorEntry } from './connection.ts';
import { adoError } from './errors.ts';
import { createProperties } from './properties.ts';
import { createRecordset, recordsetOf } from './recordset-face.ts';
import { schemaRecordset } from './schema-rowset.ts';
import type { SessionResult } from './session.ts';

const errorFace = automationFace<ErrorEntry>({
  name: 'Error',
  defaultMember: 'Description',
  members: {
    Number: { arity: [0, 0], get: (self) => new Scalar(VT.long, self.number) },
    Description: { arity: [0, 0], get: (self) => self.description },
    Source: { arity: [0, 0], get: (self) => self.source },
    SQLState: { arity: [0, 0], get: (self) => self.sqlState },
    NativeError: { arity: [0, 0], get: (self) => new Scalar(VT.long, self.nativeError) },
    HelpFile: { arity: [0, 0], get: () => '' },
    HelpContext: { arity: [0, 0], get: () => 0 },
  },
});

const errorsFace = automationFace<Connection>({
  name: 'Errors',
  defaultMember: 'Item',
  members: {
    Count: { arity: [0, 0], get: (self) => self.errors.length },
    Item: {
      arity: [1, 1],
      get: (self, args) => {
        const entry = self.errors[longOf(plainOf(args[0]))];
        if (entry === undefined) throw adoError(3265, 'ADODB.Errors');
        return errorFace(entry);
      },
    },
    Clear: {
      arity: [0, 0],
      call: (self) => {
        self.errors = [];
        return undefined;
      },
    },
    Refresh: { arity: [0, 0], call: () => undefined },
  },
  enumerate: (self) => self.errors.map((entry) => errorFace(entry)).values(),
});

const number = (
  read: (self: Connection) => number,
  write: (self: Connection, value: number) => void,
): Member<Connection> => ({
  arity: [0, 0],
  get: (self) => new Scalar(VT.long, read(self)),
  put: (self, args) => write(self, longAt(args, 0)),
});

const connectionFace = automationFace<Connection>({
  name: 'Connection',
  defaultMember: 'ConnectionString',
  outArguments: ['Execute'],
  release: (self) => self.release(),
  members: {
    ConnectionString: {
      arity: [0, 0],
      get: (self) => self.connectionString,
      put: (self, args) => {
        self.requireClosed();
        self.connectionString = textAt(args, 0);
      },
    },
    Open: {
      arity: [0, 4],
      call: (self, args) => {
        const given = isMissing(args, 0) ? '' : textAt(args, 0);
        self.open(given === '' ? self.connectionString : given);
        return undefined;
      },
    },
    Close: { arity: [0, 0], call: (self) => self.close() as undefined },
    Execute: { arity: [1, 3], call: execute },
    Cancel: { arity: [0, 0], call: () => undefined },
    BeginTrans: { arity: [0, 0], call: (self) => new Scalar(VT.long, self.begin()) },
    CommitTrans: { arity: [0, 0], call: (self) => self.commit() as undefined },
    RollbackTrans: { arity: [0, 0], call: (self) => self.rollback() as undefined },
    OpenSchema: {
      arity: [1, 3],
      call: (self, args) =>
        createRecordset(
          self.scope,
          schemaRecordset(self, longAt(args, 0), isMissing(args, 1) ? undefined : argumentValue(args[1])),
        ),
    },
    State: { arity: [0, 0], get: (self) => new Scalar(VT.long, self.state) },
    Errors: {
      arity: [0, 1],
      get: (self, args) => {
        const all = errorsFace(self);
        return args.length === 0 ? all : all.invoke('get', 'Item', args);
      },
    },
    Version: { arity: [0, 0], get: () => '6.1' },
    Provider: {
      arity: [0, 0],
      get: (self) => self.provider,
      put: (self, args) => {
        self.requireClosed();
        self.provider = textAt(args, 0);
      },
    },
    DefaultDatabase: {
      arity: [0, 0],
      get: (self) => self.defaultDatabase,
      put: (self, args) => {
        self.defaultDatabase = textAt(args, 0);
      },
    },
    ConnectionTimeout: number(
      (self) => self.connectionTimeout,
      (self, value) => {
        self.connectionTimeout = value;
      },
    ),
    CommandTimeout: number(
      (self) => self.commandTimeout,
      (self, value) => {
        self.commandTimeout = value;
      },
    ),
    CursorLocation: number(
      (self) => self.cursorLocation,
      (self, value) => {
        if (value < 1 || value > 3) throw adoError(3001, 'ADODB.Connection');
        self.cursorLocation = value;
      },
    ),
    Mode: number(
      (self) => self.mode,
      (self, value) => {
        self.requireClosed();
        self.mode = value;
      },
    ),
    IsolationLevel: number(
      (self) => self.isolationLevel,
      (self, value) => {
        self.isolationLevel = value;
      },
    ),
    Attributes: number(
      (self) => self.attributes,
      (self, value) => {
        self.attributes = value;
      },
    ),
    Properties: {
      arity: [0, 1],
      get: (self, args) => {
        const all = propertiesOf(self);
        return args.length === 0 ? all : all.invoke('get', 'Item', args);
      },
    },
  },
});

export function createConnection(scope: ObjectScope): AutomationObject {
  const connection = new Connection(scope);
  const known = connectionFace(connection);
  // All of the known face but the answer to names that it does not know.
  const face = Object.assign(Object.create(known) as AutomationObject, {
    invoke(kind: InvokeKind, member: string, args: readonly AutomationArgument[]): AutomationValue {
      if (member !== '' && known.has!(member) === false)
        throw new AutomationError(
          DISP_E.unknownName,
          `Object doesn't support this property or method: '${member}'. Stored procedures are not called as methods of a connection here.`,
        );
      return known.invoke(kind, member, args);
    },
  });
  connection.face = face;
  return connections.note(face, connection);
}

function execute(self: Connection, args: readonly AutomationArgument[]): AutomationValue {
  const options = longAt(args, 2, COMMAND.unspecified);
  const text = textAt(args, 0);
  const results = self.execute(text, {
    commandType: options,
    parameters: [],
    run: { timeoutMs: 0, wants: 'values', maxRows: 0 },
  });
  tellChanges(args[1], results);
  if (options > 0 && (options & COMMAND.noRecords) !== 0) return NOTHING;
  return recordsetOf(self.scope, self, results, text);
}

/** RecordsAffected: what the first statement changed; -1 for a query. */
export function tellChanges(place: AutomationArgument | undefined, results: readonly SessionResult[]): void {
  if (!(place instanceof ArgumentReference)) return;
  const [first] = results;
  place.put(first === undefined || first.columns.length > 0 ? -1 : first.changes);
}

function propertiesOf(self: Connection): AutomationObject {
  const product = () => (self.state === 0 ? { name: '', version: '' } : self.session().database.product);
  return createProperties([
    { name: 'DBMS Name', get: () => product().name },
    { name: 'DBMS Version', get: () => product().version },
    { name: 'Data Source', get: () => self.defaultDatabase },
    { name: 'Data Source Name', get: () => self.defaultDatabase },
    { name: 'Current Catalog', get: () => self.defaultDatabase },
    { name: 'Provider Name', get: () => self.provider },
    { name: 'Provider Version', get: () => '6.1' },
    { name: 'User ID', get: () => '' },
    { name: 'Password', get: () => '', put: () => {} },
    { name: 'Extended Properties', get: () => '', put: () => {} },
    { name: 'Prompt', get: () => 4, put: () => {} },
    { name: 'Multiple Results', get: () => 1 },
    { name: 'Transaction DDL', get: () => 8 },
    { name: 'Jet OLEDB:Engine Type', get: () => 5, put: () => {} },
    { name: 'Jet OLEDB:Database Password', get: () => '', put: () => {} },
  ]);
}
