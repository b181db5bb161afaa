/** The automation face of the stream: ADODB.Stream. */
import {
  ArgumentReference,
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  keptWithObject,
  VariantArray,
} from '../../automation/index.ts';
import { toLong } from '../coerce.ts';
import { CdoError } from '../errors.ts';
import type { SyncPerformer } from '../steps.ts';
import { runSync } from '../steps.ts';
import { Stream } from '../stream.ts';
import { fieldValue, knownFace, long, objectArgument, selfOf, text } from './arguments.ts';

/** Files of a stream are read and written through the performer of the host that made it. */
const PERFORMERS = keptWithObject<Stream, SyncPerformer>();

export function streamFace(stream: Stream, perform: SyncPerformer): AutomationObject {
  PERFORMERS.set(stream, perform);
  return makeFace(stream);
}

/** Byte arrays of scripts come as Uint8Array, or as variants each holding a byte. */
export function bytesArgument(argument: AutomationArgument): Uint8Array {
  const value: AutomationValue = argument instanceof ArgumentReference ? argument.get() : argument;
  if (value instanceof Uint8Array) return value;
  if (value instanceof VariantArray)
    return Uint8Array.from(value.elements, (element) => toLong(fieldValue(element)));
  throw new CdoError('DISP_E_TYPEMISMATCH', { hint: 'An array of bytes is wanted here.' });
}

const makeFace: (self: Stream) => AutomationObject = knownFace<Stream>({
  name: 'Stream',
  members: {
    Open: {
      arity: [0, 5],
      call: (self) => {
        self.open();
        return undefined;
      },
    },
    Close: {
      arity: [0, 0],
      call: (self) => {
        self.close();
        return undefined;
      },
    },
    State: { arity: [0, 0], get: (self) => self.state },
    Mode: {
      arity: [0, 0],
      get: (self) => self.mode,
      put: (self, args) => {
        self.mode = long(args, 0, 0);
      },
    },
    Type: {
      arity: [0, 0],
      get: (self) => self.type,
      put: (self, args) => {
        self.type = long(args, 0, 0);
      },
    },
    Charset: {
      arity: [0, 0],
      get: (self) => self.charset,
      put: (self, args) => {
        self.charset = text(args, 0);
      },
    },
    LineSeparator: {
      arity: [0, 0],
      get: (self) => self.lineSeparator,
      put: (self, args) => {
        self.lineSeparator = long(args, 0, -1);
      },
    },
    Position: {
      arity: [0, 0],
      get: (self) => self.position,
      put: (self, args) => {
        self.position = long(args, 0, 0);
      },
    },
    Size: { arity: [0, 0], get: (self) => self.size },
    EOS: { arity: [0, 0], get: (self) => self.eos },
    SetEOS: {
      arity: [0, 0],
      call: (self) => {
        self.setEos();
        return undefined;
      },
    },
    ReadText: { arity: [0, 1], call: (self, args) => self.readText(long(args, 0, -1)) },
    WriteText: {
      arity: [1, 2],
      call: (self, args) => {
        self.writeText(text(args, 0), long(args, 1, 0) === 1);
        return undefined;
      },
    },
    SkipLine: {
      arity: [0, 0],
      call: (self) => {
        self.skipLine();
        return undefined;
      },
    },
    Read: { arity: [0, 1], call: (self, args) => self.read(long(args, 0, -1)) ?? null },
    Write: {
      arity: [1, 1],
      call: (self, args) => {
        self.write(bytesArgument(args[0]));
        return undefined;
      },
    },
    LoadFromFile: {
      arity: [1, 1],
      call: (self, args) => {
        runSync(self.loadFromFileSteps(text(args, 0)), PERFORMERS.get(self)!);
        return undefined;
      },
    },
    SaveToFile: {
      arity: [1, 2],
      call: (self, args) => {
        runSync(self.saveToFileSteps(text(args, 0), long(args, 1, 1)), PERFORMERS.get(self)!);
        return undefined;
      },
    },
    CopyTo: {
      arity: [1, 2],
      call: (self, args) => {
        const target = streamOf(objectArgument(args[0]));
        if (!(target instanceof Stream)) throw new CdoError('DISP_E_TYPEMISMATCH');
        self.copyTo(target, long(args, 1, -1));
        return undefined;
      },
    },
    Flush: {
      arity: [0, 0],
      call: (self) => {
        self.flush();
        return undefined;
      },
    },
    Cancel: { arity: [0, 0], call: () => undefined },
  },
});

/** The stream behind a face. */
export function streamOf(face: AutomationObject | undefined): Stream | undefined {
  const self = face === undefined ? undefined : selfOf(face);
  return self instanceof Stream ? self : undefined;
}
