/** The automation face of DataSource. It, the message's and the body part's face know each other. */
import { type AutomationObject, type Member, NOTHING } from '../../automation/index.ts';
import { BodyPart } from '../body-part.ts';
import type { DataObject, DataSource } from '../data-source.ts';
import { CdoError } from '../errors.ts';
import { Message } from '../message.ts';
import { Stream } from '../stream.ts';
import { knownFace, objectArgument, selfOf, text } from './arguments.ts';
import { bodyPartFace } from './body-part-face.ts';
import { messageFace } from './message-face.ts';
import { bytesArgument, streamFace } from './stream-face.ts';

const readOnly = <Self>(get: NonNullable<Member<Self>['get']>): Member<Self> => ({
  arity: [0, 0],
  get,
});

/** The object that OpenObject and SaveToObject take; foreign streams are read and written through their own members. */
function withDataObject(
  face: AutomationObject | undefined,
  use: (object: DataObject) => void,
  direction: 'in' | 'out',
): void {
  const self = face === undefined ? undefined : selfOf(face);
  if (self instanceof Stream || self instanceof Message || self instanceof BodyPart) use(self);
  else if (face?.has?.('ReadText') === true) withForeignStream(face, use, direction);
  else
    throw new CdoError('CDO_E_UNSUPPORTED_DATASOURCE', { hint: 'A stream, message or body part is wanted.' });
}

function withForeignStream(
  face: AutomationObject,
  use: (object: DataObject) => void,
  direction: 'in' | 'out',
): void {
  const type = face.invoke('get', 'Type', []);
  face.invoke('put', 'Position', [0]);
  face.invoke('put', 'Type', [1]);
  const bytes = direction === 'in' ? face.invoke('call', 'Read', []) : null;
  const stream = new Stream({
    origin: {
      bytes: bytes === null ? Buffer.alloc(0) : Buffer.from(bytesArgument(bytes)),
      charset: 'us-ascii',
      type: 2,
      commit: () => {},
    },
  });
  use(stream);
  face.invoke('put', 'Position', [0]);
  if (direction === 'out') {
    face.invoke('call', 'SetEOS', []);
    face.invoke('call', 'Write', [stream.content()]);
    face.invoke('put', 'Position', [0]);
  }
  face.invoke('put', 'Type', [type]);
}

const reserved = (method: 'open' | 'saveTo' | 'saveToContainer'): Member<DataSource> => ({
  call: (self) => self[method](),
});

export const dataSourceFace: (self: DataSource) => AutomationObject = knownFace<DataSource>({
  name: 'DataSource',
  members: {
    OpenObject: {
      arity: [2, 2],
      call: (self, args) => {
        withDataObject(objectArgument(args[0]), (object) => self.openObject(object, text(args, 1)), 'in');
        return undefined;
      },
    },
    SaveToObject: {
      arity: [2, 2],
      call: (self, args) => {
        withDataObject(objectArgument(args[0]), (object) => self.saveToObject(object, text(args, 1)), 'out');
        return undefined;
      },
    },
    Save: {
      arity: [0, 0],
      call: (self) => {
        self.save();
        return undefined;
      },
    },
    Open: reserved('open'),
    SaveTo: reserved('saveTo'),
    SaveToContainer: reserved('saveToContainer'),
    Source: readOnly((self) => faceOfDataObject(self.source)),
    SourceClass: readOnly((self) => self.sourceClass),
    SourceURL: readOnly((self) => self.sourceUrl),
    IsDirty: readOnly((self) => self.isDirty),
    ActiveConnection: readOnly(() => NOTHING),
    GetInterface: {
      arity: [1, 1],
      call: (self, args) => {
        if (text(args, 0).toLowerCase() === 'idatasource') return dataSourceFace(self);
        throw new CdoError('E_NOINTERFACE', { hint: `'${text(args, 0)}' is no interface of a DataSource.` });
      },
    },
  },
});

function faceOfDataObject(object: DataObject | undefined) {
  if (object instanceof Message) return messageFace(object);
  if (object instanceof BodyPart) return bodyPartFace(object);
  return object === undefined ? NOTHING : streamFace(object, refuseFiles);
}

function refuseFiles(): never {
  throw new CdoError('CDO_E_NOT_AVAILABLE');
}
