/** The automation faces of BodyPart and BodyParts. */
import {
  type AutomationObject,
  isAutomationObject,
  type Member,
  type MemberTable,
  NOTHING,
} from '../../automation/index.ts';
import { BodyPart, type BodyParts } from '../body-part.ts';
import { CdoError } from '../errors.ts';
import { runSync } from '../steps.ts';
import { knownFace, long, type objectArgument, selfOf, text } from './arguments.ts';
import { dataSourceFace } from './data-source-face.ts';
import { fieldsFace, notAssignable } from './fields-face.ts';
import { streamFace } from './stream-face.ts';

const readOnly = <Self>(get: (self: Self) => ReturnType<NonNullable<Member<Self>['get']>>): Member<Self> => ({
  arity: [0, 0],
  get,
});

/** A text property of the same name and meaning. */
const textProperty = (
  property: 'contentTransferEncoding' | 'contentMediaType' | 'charset' | 'contentClass',
): Member<BodyPart> => ({
  arity: [0, 0],
  get: (self) => self[property],
  put: (self, args) => {
    self[property] = text(args, 0);
  },
});

const bodyPartTable: MemberTable<BodyPart> = {
  name: 'BodyPart',
  members: {
    BodyParts: readOnly((self) => bodyPartsFace(self.bodyParts)),
    ContentTransferEncoding: textProperty('contentTransferEncoding'),
    ContentMediaType: textProperty('contentMediaType'),
    Charset: textProperty('charset'),
    ContentClass: textProperty('contentClass'),
    ContentClassName: textProperty('contentClass'),
    Fields: {
      arity: [0, 1],
      get: (self, args) =>
        args.length === 0 ? fieldsFace(self.fields) : fieldsFace(self.fields).invoke('get', 'Item', args),
      put: (self, args) => {
        if (args.length < 2) throw notAssignable();
        fieldsFace(self.fields).invoke('put', 'Item', args);
      },
    },
    FileName: readOnly((self) => self.fileName),
    DataSource: readOnly((self) => dataSourceFace(self.dataSource)),
    Parent: readOnly((self) => (self.parent === undefined ? NOTHING : bodyPartFace(self.parent))),
    AddBodyPart: { arity: [0, 1], call: (self, args) => bodyPartFace(self.addBodyPart(long(args, 0, -1))) },
    SaveToFile: {
      arity: [1, 1],
      call: (self, args) => {
        runSync(self.saveToFileSteps(text(args, 0)), self.host.performSync);
        return undefined;
      },
    },
    GetEncodedContentStream: {
      arity: [0, 0],
      call: (self) => streamFace(self.getEncodedContentStream(), self.host.performSync),
    },
    GetDecodedContentStream: {
      arity: [0, 0],
      call: (self) => streamFace(self.getDecodedContentStream(), self.host.performSync),
    },
    GetStream: { arity: [0, 0], call: (self) => streamFace(self.getStream(), self.host.performSync) },
    GetFieldParameter: {
      arity: [2, 2],
      call: (self, args) => self.getFieldParameter(text(args, 0), text(args, 1)),
    },
    GetInterface: {
      arity: [1, 1],
      call: (self, args) => {
        if (text(args, 0).toLowerCase() === 'ibodypart') return bodyPartFace(self);
        throw new CdoError('E_NOINTERFACE', { hint: `'${text(args, 0)}' is no interface of a BodyPart.` });
      },
    },
  },
};

export const bodyPartFace: (self: BodyPart) => AutomationObject = knownFace(bodyPartTable);

/** Index or body part, as Delete takes it. */
function which(argument: Parameters<typeof objectArgument>[0]): number | BodyPart {
  if (!isAutomationObject(argument)) return long([argument], 0, 0);
  const self = selfOf(argument);
  if (self instanceof BodyPart) return self;
  throw new CdoError('DISP_E_TYPEMISMATCH', { hint: 'An index or a body part is wanted here.' });
}

export const bodyPartsFace: (self: BodyParts) => AutomationObject = knownFace<BodyParts>({
  name: 'BodyParts',
  defaultMember: 'Item',
  members: {
    Count: { arity: [0, 0], get: (self) => self.count },
    Item: { arity: [1, 1], get: (self, args) => bodyPartFace(self.item(long(args, 0, 0))) },
    Add: { arity: [0, 1], call: (self, args) => bodyPartFace(self.add(long(args, 0, -1))) },
    Delete: {
      arity: [1, 1],
      call: (self, args) => {
        self.delete(which(args[0]));
        return undefined;
      },
    },
    DeleteAll: {
      arity: [0, 0],
      call: (self) => {
        self.deleteAll();
        return undefined;
      },
    },
  },
  *enumerate(self) {
    for (const bodyPart of self) yield bodyPartFace(bodyPart);
  },
});
