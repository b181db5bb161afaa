/**
 * ADODB.Command, its Parameters and Parameter under their members' names.
 * Owns: names, optional arguments.  Leaves: the command (command), recordsets (recordset-face).
 * Sources: doc "ADO Command Object Properties, Methods, and Events"; doc "Parameters Collection".
 */
import {
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  type Member,
  NOTHING,
  Scalar,
  VariantArray,
  VT,
} from '../../automation/index.ts';
import { argumentValue, booleanAt, isBlank, isMissing, longAt, textAt } from '../arguments.ts';
import type { ObjectScope } from '../scope.ts';
import { Command, commands, DIRECTION, Parameter, parametersBehind } from './command.ts';
import { COMMAND } from './connection.ts';
import { tellChanges } from './connection-face.ts';
import { adoError, notCapable } from './errors.ts';
import { createProperties } from './properties.ts';
import { connectionFrom, recordsetOf } from './recordset-face.ts';

const parameterNumber = (
  key: 'type' | 'direction' | 'size' | 'precision' | 'numericScale' | 'attributes',
): Member<Parameter> => ({
  arity: [0, 0],
  get: (self) => new Scalar(VT.long, self[key]),
  put: (self, args) => {
    self[key] = longAt(args, 0);
  },
});

const parameterFace = automationFace<Parameter>({
  name: 'Parameter',
  defaultMember: 'Value',
  members: {
    Name: {
      arity: [0, 0],
      get: (self) => self.name,
      put: (self, args) => {
        self.name = textAt(args, 0);
      },
    },
    Value: { arity: [0, 0], get: (self) => self.value, put: (self, args) => self.put(args[0]) },
    Type: parameterNumber('type'),
    Direction: {
      ...parameterNumber('direction'),
      put: (self, args) => {
        self.direction = directionOf(longAt(args, 0));
      },
    },
    Size: parameterNumber('size'),
    Precision: parameterNumber('precision'),
    NumericScale: parameterNumber('numericScale'),
    Attributes: parameterNumber('attributes'),
    AppendChunk: { arity: [1, 1], call: (self, args) => self.appendChunk(args[0]) as undefined },
    Properties: { arity: [0, 0], get: () => createProperties([]) },
  },
});

function directionOf(value: number): number {
  if (value === DIRECTION.output || value === DIRECTION.inputOutput || value === DIRECTION.returnValue)
    throw notCapable(
      'ADODB.Parameter',
      'Output parameters belong to stored procedures, which are not run here.',
    );
  if (value !== DIRECTION.input && value !== DIRECTION.unknown) throw adoError(3001, 'ADODB.Parameter');
  return DIRECTION.input;
}

const parametersFace = automationFace<Command>({
  name: 'Parameters',
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [1, 1],
      get: (self, args) => faceOf(self.parameters[self.indexOf(args[0])]!),
      put: (self, args) => self.parameters[self.indexOf(args[0])]!.put(args[1]),
    },
    Count: { arity: [0, 0], get: (self) => self.parameters.length },
    Append: {
      arity: [1, 1],
      call: (self, args) => {
        const parameter = parametersBehind.behind(argumentValue(args[0]));
        if (parameter === undefined) throw adoError(3001, 'ADODB.Parameters');
        if (parameter.type === 0) throw adoError(3708, 'ADODB.Parameters');
        return self.append(parameter) as undefined;
      },
    },
    Delete: {
      arity: [1, 1],
      call: (self, args) => void self.parameters.splice(self.indexOf(args[0]), 1) as undefined,
    },
    Refresh: {
      arity: [0, 0],
      call: () => {
        throw notCapable(
          'ADODB.Parameters',
          'Refresh asks for the parameters of stored procedures, which are not run here; append the parameters instead.',
        );
      },
    },
  },
  enumerate: (self) => self.parameters.map((parameter) => faceOf(parameter)).values(),
});

function faceOf(parameter: Parameter): AutomationObject {
  return parametersBehind.note(parameterFace(parameter), parameter);
}

type Self = { readonly command: Command; readonly scope: ObjectScope };

const commandFace = automationFace<Self>({
  name: 'Command',
  defaultMember: 'Parameters',
  outArguments: ['Execute'],
  release: ({ command }) => command.ownConnection?.release(),
  members: {
    Parameters: {
      arity: [0, 1],
      get: ({ command }, args) => {
        const all = parametersFace(command);
        return args.length === 0 ? all : all.invoke('get', 'Item', args);
      },
      put: ({ command }, args) => {
        if (args.length !== 2) throw adoError(3001, 'ADODB.Command');
        parametersFace(command).invoke('put', 'Item', args);
      },
    },
    ActiveConnection: {
      arity: [0, 0],
      get: ({ command }) => command.connection?.face ?? NOTHING,
      put: setConnection,
    },
    CommandText: {
      arity: [0, 0],
      get: ({ command }) => command.text,
      put: ({ command }, args) => {
        command.text = textAt(args, 0);
      },
    },
    CommandType: {
      arity: [0, 0],
      get: ({ command }) => new Scalar(VT.long, command.type),
      put: ({ command }, args) => {
        const type = longAt(args, 0);
        const known: readonly number[] = [1, 2, 4, 8, 256, 512, -1];
        if (!known.includes(type & ~COMMAND.noRecords) && type !== -1) throw adoError(3001, 'ADODB.Command');
        command.type = type;
      },
    },
    CommandTimeout: {
      arity: [0, 0],
      get: ({ command }) => new Scalar(VT.long, command.timeout),
      put: ({ command }, args) => {
        const seconds = longAt(args, 0);
        if (seconds < 0) throw adoError(3001, 'ADODB.Command');
        command.timeout = seconds;
      },
    },
    Prepared: {
      arity: [0, 0],
      get: ({ command }) => command.isPrepared,
      put: ({ command }, args) => {
        command.isPrepared = booleanAt(args, 0);
      },
    },
    NamedParameters: {
      arity: [0, 0],
      get: ({ command }) => command.hasNamedParameters,
      put: ({ command }, args) => {
        command.hasNamedParameters = booleanAt(args, 0);
      },
    },
    Name: {
      arity: [0, 0],
      get: ({ command }) => command.name,
      put: ({ command }, args) => {
        command.name = textAt(args, 0);
      },
    },
    State: { arity: [0, 0], get: () => new Scalar(VT.long, 0) },
    CreateParameter: {
      arity: [0, 5],
      call: (_, args) => {
        const parameter = new Parameter();
        parameter.name = textAt(args, 0, '');
        parameter.type = longAt(args, 1, 0);
        parameter.direction = directionOf(longAt(args, 2, DIRECTION.input));
        parameter.size = longAt(args, 3, 0);
        if (!isMissing(args, 4)) parameter.put(args[4]);
        return faceOf(parameter);
      },
    },
    Execute: { arity: [0, 3], call: execute },
    Cancel: { arity: [0, 0], call: () => undefined },
    Properties: {
      arity: [0, 1],
      get: (_, args) => {
        const all = createProperties([{ name: 'Jet OLEDB:Stored Query', get: () => false, put: () => {} }]);
        return args.length === 0 ? all : all.invoke('get', 'Item', args);
      },
    },
  },
});

export function createCommand(scope: ObjectScope): AutomationObject {
  const command = new Command();
  return commands.note(commandFace({ command, scope }), command);
}

function setConnection({ command, scope }: Self, args: readonly AutomationArgument[]): void {
  const value = argumentValue(args[0]);
  command.ownConnection?.release();
  command.ownConnection = undefined;
  if (isBlank(value)) {
    command.connection = undefined;
    return;
  }
  command.connection = connectionFrom(
    scope,
    value,
    (own) => {
      command.ownConnection = own;
    },
    'ADODB.Command',
  );
}

function execute({ command, scope }: Self, args: readonly AutomationArgument[]): AutomationValue {
  const given = isMissing(args, 1) ? undefined : argumentValue(args[1]);
  const values: readonly AutomationValue[] =
    given instanceof VariantArray ? given.elements : given === undefined || given === null ? [] : [given];
  const options = longAt(args, 2, COMMAND.unspecified);
  const results = command.execute(values, { wants: 'values', maxRows: 0 }, options);
  tellChanges(args[0], results);
  if (((options > 0 ? options : command.type) & COMMAND.noRecords) !== 0) return NOTHING;
  return recordsetOf(scope, command.connection!, results, command.text);
}
