/** The automation faces of Message, DropDirectory and Messages. */
import {
  type AutomationObject,
  dateValue,
  isAutomationObject,
  type Member,
  NOTHING,
  Scalar,
  VT,
} from '../../automation/index.ts';
import type { BodyPart } from '../body-part.ts';
import { Configuration } from '../configuration.ts';
import type { DropDirectory, Messages } from '../drop-directory.ts';
import { CdoError } from '../errors.ts';
import { Message } from '../message.ts';
import { runSync } from '../steps.ts';
import { flag, knownFace, long, objectArgument, optionalText, selfOf, text } from './arguments.ts';
import { bodyPartFace, bodyPartsFace } from './body-part-face.ts';
import { configurationFace } from './configuration-face.ts';
import { dataSourceFace } from './data-source-face.ts';
import { fieldsFace, notAssignable } from './fields-face.ts';
import { streamFace } from './stream-face.ts';

type TextProperty =
  | 'from'
  | 'sender'
  | 'to'
  | 'cc'
  | 'bcc'
  | 'replyTo'
  | 'subject'
  | 'keywords'
  | 'newsgroups'
  | 'followUpTo'
  | 'organization'
  | 'textBody'
  | 'htmlBody';

const textProperty = (property: TextProperty): Member<Message> => ({
  arity: [0, 0],
  get: (self) => self[property],
  put: (self, args) => {
    self[property] = text(args, 0);
  },
});

const flagProperty = (
  property: 'autoGenerateTextBody' | 'mimeFormatted' | 'mdnRequested',
): Member<Message> => ({
  arity: [0, 0],
  get: (self) => self[property],
  put: (self, args) => {
    self[property] = flag(args, 0);
  },
});

const readOnly = <Self>(get: NonNullable<Member<Self>['get']>): Member<Self> => ({
  arity: [0, 0],
  get,
});

const orNothing = (bodyPart: BodyPart | undefined) =>
  bodyPart === undefined ? NOTHING : bodyPartFace(bodyPart);

/** A date, or the zero date while the message has none. */
const orZeroDate = (date: Date | undefined) =>
  date === undefined ? new Scalar(VT.date, 0) : dateValue(date);

/** `Configuration(name)`-like short cuts: an argument behind a collection property goes to its Item. */
const collection = (face: (self: Message) => AutomationObject): Member<Message> => ({
  arity: [0, 1],
  get: (self, args) => (args.length === 0 ? face(self) : face(self).invoke('get', 'Item', args)),
  put: (self, args) => {
    if (args.length < 2) throw notAssignable();
    face(self).invoke('put', 'Item', args);
  },
});

const putConfiguration: NonNullable<Member<Message>['put']> = (self, args) => {
  const face = objectArgument(args[0]);
  const configuration = face && selfOf(face);
  if (!(configuration instanceof Configuration))
    throw new CdoError('DISP_E_TYPEMISMATCH', { hint: 'Configuration takes a CDO.Configuration object.' });
  self.configuration = configuration;
};

const answer = (method: 'reply' | 'replyAll' | 'forward' | 'postReply'): Member<Message> => ({
  arity: [0, 0],
  call: (self) => messageFace(self[method]()),
});

export const messageFace: (self: Message) => AutomationObject = knownFace<Message>({
  name: 'Message',
  members: {
    BCC: textProperty('bcc'),
    CC: textProperty('cc'),
    FollowUpTo: textProperty('followUpTo'),
    From: textProperty('from'),
    Keywords: textProperty('keywords'),
    MimeFormatted: flagProperty('mimeFormatted'),
    Newsgroups: textProperty('newsgroups'),
    Organization: textProperty('organization'),
    ReceivedTime: readOnly((self) => orZeroDate(self.receivedTime)),
    ReplyTo: textProperty('replyTo'),
    DSNOptions: {
      arity: [0, 0],
      get: (self) => self.dsnOptions,
      put: (self, args) => {
        self.dsnOptions = long(args, 0, 0);
      },
    },
    SentOn: readOnly((self) => orZeroDate(self.sentOn)),
    Subject: textProperty('subject'),
    To: textProperty('to'),
    TextBody: textProperty('textBody'),
    HTMLBody: textProperty('htmlBody'),
    Attachments: collection((self) => bodyPartsFace(self.attachments)),
    Sender: textProperty('sender'),
    Configuration: {
      arity: [0, 1],
      get: (self, args) =>
        args.length === 0
          ? configurationFace(self.configuration)
          : configurationFace(self.configuration).invoke('get', 'Fields', args),
      put: (self, args) => {
        if (args.length > 1) configurationFace(self.configuration).invoke('put', 'Fields', args);
        else putConfiguration(self, args);
      },
    },
    AutoGenerateTextBody: flagProperty('autoGenerateTextBody'),
    EnvelopeFields: collection((self) => fieldsFace(self.envelopeFields)),
    TextBodyPart: readOnly((self) => orNothing(self.textBodyPart)),
    HTMLBodyPart: readOnly((self) => orNothing(self.htmlBodyPart)),
    BodyPart: readOnly((self) => bodyPartFace(self.bodyPart)),
    DataSource: readOnly((self) => dataSourceFace(self.dataSource)),
    Fields: collection((self) => fieldsFace(self.fields)),
    MDNRequested: flagProperty('mdnRequested'),
    ContentClass: {
      arity: [0, 0],
      get: (self) => self.contentClass,
      put: (self, args) => {
        self.contentClass = text(args, 0);
      },
    },
    AddRelatedBodyPart: {
      arity: [3, 5],
      call: (self, args) => {
        const type = long(args, 2, 0) === 1 ? 'location' : 'id';
        const steps = self.addRelatedBodyPartSteps(
          text(args, 0),
          text(args, 1),
          type,
          optionalText(args, 3),
          optionalText(args, 4),
        );
        return bodyPartFace(runSync(steps, self.host.performSync));
      },
    },
    AddAttachment: {
      arity: [1, 3],
      call: (self, args) => {
        const steps = self.addAttachmentSteps(text(args, 0), optionalText(args, 1), optionalText(args, 2));
        return bodyPartFace(runSync(steps, self.host.performSync));
      },
    },
    CreateMHTMLBody: {
      arity: [1, 4],
      call: (self, args) => {
        const steps = self.createMhtmlBodySteps(
          text(args, 0),
          long(args, 1, 0),
          optionalText(args, 2),
          optionalText(args, 3),
        );
        runSync(steps, self.host.performSync);
        return undefined;
      },
    },
    Forward: answer('forward'),
    Post: {
      arity: [0, 0],
      call: (self) => {
        runSync(self.postSteps(), self.host.performSync);
        return undefined;
      },
    },
    PostReply: answer('postReply'),
    Reply: answer('reply'),
    ReplyAll: answer('replyAll'),
    Send: {
      arity: [0, 0],
      call: (self) => {
        runSync(self.sendSteps(), self.host.performSync);
        return undefined;
      },
    },
    GetStream: { arity: [0, 0], call: (self) => streamFace(self.getStream(), self.host.performSync) },
    GetInterface: {
      arity: [1, 1],
      call: (self, args) => messageInterface(self, text(args, 0)),
    },
  },
});

function messageInterface(self: Message, name: string): AutomationObject {
  switch (name.toLowerCase()) {
    case 'imessage':
      return messageFace(self);
    case 'ibodypart':
      return bodyPartFace(self.bodyPart);
    case 'idatasource':
      return dataSourceFace(self.dataSource);
    default:
      throw new CdoError('E_NOINTERFACE', { hint: `'${name}' is none of IMessage, IBodyPart, IDataSource.` });
  }
}

export const dropDirectoryFace: (self: DropDirectory) => AutomationObject = knownFace<DropDirectory>({
  name: 'DropDirectory',
  members: {
    GetMessages: {
      arity: [0, 1],
      call: (self, args) =>
        messagesFace(runSync(self.getMessagesSteps(optionalText(args, 0) ?? ''), self.host.performSync)),
    },
  },
});

function whichMessage(argument: Parameters<typeof objectArgument>[0]): number | Message {
  if (!isAutomationObject(argument)) return long([argument], 0, 0);
  const self = selfOf(argument);
  if (self instanceof Message) return self;
  throw new CdoError('DISP_E_TYPEMISMATCH', { hint: 'An index or a message is wanted here.' });
}

export const messagesFace: (self: Messages) => AutomationObject = knownFace<Messages>({
  name: 'Messages',
  defaultMember: 'Item',
  members: {
    Count: { arity: [0, 0], get: (self) => self.count },
    Item: {
      arity: [1, 1],
      get: (self, args) => messageFace(runSync(self.itemSteps(long(args, 0, 0)), self.host.performSync)),
    },
    FileName: { arity: [1, 1], get: (self, args) => self.fileName(whichMessage(args[0])) },
    Delete: {
      arity: [1, 1],
      call: (self, args) => {
        runSync(self.deleteSteps(whichMessage(args[0])), self.host.performSync);
        return undefined;
      },
    },
    DeleteAll: {
      arity: [0, 0],
      call: (self) => {
        runSync(self.deleteAllSteps(), self.host.performSync);
        return undefined;
      },
    },
  },
  *enumerate(self) {
    // Deleting inside the loop must not skip the next message.
    for (const path of self.paths()) {
      const index = self.indexOfPath(path);
      if (index > 0) yield messageFace(runSync(self.itemSteps(index), self.host.performSync));
    }
  },
});
