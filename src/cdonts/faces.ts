/**
 * The automation faces of CDONTS and its creatable classes.
 * Owns: the tables.  Leaves: behaviour (the other files).
 * Sources: reference B1.1, B1.2, B2.
 */
import {
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  dateValue,
  isAutomationObject,
  type Member,
  NOTHING,
  Scalar,
  VT,
} from '../automation/index.ts';
import {
  bytesArgument,
  type CdoHost,
  fieldValue,
  isMissing,
  knownFace,
  long,
  optionalText,
  runSync,
  type Steps,
  selfOf,
  text,
} from '../cdo/index.ts';
import { CDONTS_VERSION } from './constants.ts';
import { CdontsError } from './errors.ts';
import { type EncodingMethod, NewMail } from './new-mail.ts';
import type { MailPlaces } from './places.ts';
import { type Folder, Session, type SessionMessages } from './session.ts';
import {
  type AddressEntry,
  type Attachment,
  type Attachments,
  type Recipient,
  type Recipients,
  SessionMessage,
} from './session-message.ts';

type Args = readonly AutomationArgument[];

/** Assigning is all a property of NewMail can do; reading is 438. */
const writeOnly = (put: (self: NewMail, value: string) => void): Member<NewMail> => ({
  arity: [0, 0],
  put: (self, args) => put(self, text(args, 0)),
});

const writeOnlyLong = (put: (self: NewMail, value: number) => void): Member<NewMail> => ({
  arity: [0, 0],
  put: (self, args) => put(self, long(args, 0, 0)),
});

/** A path, or an object to read bytes from. */
function sourceArgument(args: Args): string | Uint8Array {
  const [argument] = args;
  if (isAutomationObject(argument)) return bytesArgument(argument.invoke('call', 'Read', []));
  return text(args, 0);
}

/** The text of a Body: a string, or a stream's content. */
function bodyText(args: Args): string {
  const [argument] = args;
  if (isAutomationObject(argument) && argument.has?.('ReadText') === true)
    return String(argument.invoke('call', 'ReadText', []));
  return text(args, 0);
}

const given = (args: Args, at: number): string | undefined =>
  isMissing(args[at]) ? undefined : text(args, at);

const method = (args: Args, at: number): EncodingMethod | undefined =>
  isMissing(args[at]) ? undefined : (long(args, at, 0) as EncodingMethod);

export const newMailFace: (self: NewMail) => AutomationObject = knownFace<NewMail>({
  name: 'NewMail',
  defaultMember: 'Value',
  members: {
    From: writeOnly((self, value) => {
      self.from = value;
    }),
    To: writeOnly((self, value) => {
      self.to = value;
    }),
    Cc: writeOnly((self, value) => {
      self.cc = value;
    }),
    Bcc: writeOnly((self, value) => {
      self.bcc = value;
    }),
    Subject: writeOnly((self, value) => {
      self.subject = value;
    }),
    Body: {
      arity: [0, 0],
      put: (self, args) => {
        self.body = bodyText(args);
      },
    },
    BodyFormat: writeOnlyLong((self, value) => {
      self.bodyFormat = value;
    }),
    MailFormat: writeOnlyLong((self, value) => {
      self.mailFormat = value;
    }),
    Importance: writeOnlyLong((self, value) => {
      self.importance = value;
    }),
    ContentBase: writeOnly((self, value) => {
      self.contentBase = value;
    }),
    ContentLocation: writeOnly((self, value) => {
      self.contentLocation = value;
    }),
    Value: { arity: [1, 1], put: (self, args) => self.addHeader(text(args, 0), text(args, 1)) },
    Version: { arity: [0, 0], get: (self) => self.version },
    AttachFile: {
      arity: [1, 3],
      call: (self, args) =>
        run(self.host, self.attachFileSteps(sourceArgument(args), optionalText(args, 1), method(args, 2))),
    },
    AttachURL: {
      arity: [2, 4],
      call: (self, args) =>
        run(
          self.host,
          self.attachUrlSteps(text(args, 0), text(args, 1), optionalText(args, 2), method(args, 3)),
        ),
    },
    Send: {
      arity: [0, 5],
      call: (self, args) => {
        const importance = isMissing(args[4]) ? undefined : long(args, 4, 1);
        return run(
          self.host,
          self.sendSteps(given(args, 0), given(args, 1), given(args, 2), given(args, 3), importance),
        );
      },
    },
    SetLocaleIDs: {
      arity: [1, 1],
      call: (self, args) => {
        self.setLocaleIds(long(args, 0, 0));
        return undefined;
      },
    },
  },
});

function run(host: CdoHost, steps: Steps<unknown>): undefined {
  runSync(steps, host.performSync);
  return undefined;
}

// ── Session ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Application, Class, Parent, Session: what every object of a session has. */
function common<Self>(
  kind: number,
  parent: (self: Self) => AutomationValue,
  session: (self: Self) => Session,
): Readonly<Record<string, Member<Self>>> {
  return {
    Application: { arity: [0, 0], get: () => `Collaboration Data Objects for NTS version ${CDONTS_VERSION}` },
    Class: { arity: [0, 0], get: () => kind },
    Parent: { arity: [0, 0], get: parent },
    Session: { arity: [0, 0], get: (self) => sessionFace(session(self)) },
  };
}

const done = <Self>(act: (self: Self, args: Args) => void): NonNullable<Member<Self>['call']> => {
  return (self, args) => {
    act(self, args);
    return undefined;
  };
};

export const sessionFace: (self: Session) => AutomationObject = knownFace<Session>({
  name: 'Session',
  defaultMember: 'Name',
  members: {
    ...common<Session>(
      0,
      () => NOTHING,
      (self) => self,
    ),
    Name: { arity: [0, 0], get: (self) => self.name },
    Version: { arity: [0, 0], get: (self) => self.version },
    Inbox: { arity: [0, 0], get: (self) => folderFace(self.inbox) },
    Outbox: { arity: [0, 0], get: (self) => folderFace(self.outbox) },
    MessageFormat: {
      arity: [0, 0],
      get: (self) => self.messageFormat,
      put: (self, args) => {
        self.messageFormat = long(args, 0, 0);
      },
    },
    LogonSMTP: { arity: [2, 2], call: done((self, args) => self.logonSmtp(text(args, 0), text(args, 1))) },
    Logoff: { arity: [0, 0], call: done((self) => self.logoff()) },
    GetDefaultFolder: {
      arity: [1, 1],
      call: (self, args) => folderFace(self.getDefaultFolder(long(args, 0, 0))),
    },
    SetLocaleIDs: { arity: [1, 1], call: done((self, args) => self.setLocaleIds(long(args, 0, 0))) },
    GetMessage: {
      call: () => {
        throw new CdontsError('CdoE_NO_SUPPORT', { source: 'CDONTS.Session.1', hint: 'Use the folders.' });
      },
    },
    SetReserved: { call: () => undefined },
  },
});

export const folderFace: (self: Folder) => AutomationObject = knownFace<Folder>({
  name: 'Folder',
  defaultMember: 'Name',
  members: {
    ...common<Folder>(
      2,
      (self) => sessionFace(self.session),
      (self) => self.session,
    ),
    Name: { arity: [0, 0], get: (self) => self.name },
    Messages: {
      arity: [0, 1],
      get: (self, args) => {
        const messages = messagesFace(runSync(self.messagesSteps(), self.session.host.performSync));
        return args.length === 0 ? messages : messages.invoke('get', 'Item', args);
      },
    },
  },
});

const orNothing = (message: SessionMessage | undefined): AutomationValue =>
  message === undefined ? NOTHING : messageFace(message);

const messagesFace: (self: SessionMessages) => AutomationObject = knownFace<SessionMessages>({
  name: 'Messages',
  defaultMember: 'Item',
  members: {
    ...common<SessionMessages>(
      16,
      (self) => folderFace(self.folder),
      (self) => self.folder.session,
    ),
    Count: { arity: [0, 0], get: (self) => self.count },
    Item: { arity: [1, 1], get: (self, args) => messageFace(self.item(long(args, 0, 0))) },
    GetFirst: { arity: [0, 1], call: (self) => orNothing(self.getFirst()) },
    GetNext: { arity: [0, 0], call: (self) => orNothing(self.getNext()) },
    GetLast: { arity: [0, 1], call: (self) => orNothing(self.getLast()) },
    GetPrevious: { arity: [0, 0], call: (self) => orNothing(self.getPrevious()) },
    Add: {
      arity: [0, 3],
      call: (self, args) => messageFace(self.add(given(args, 0), given(args, 1), long(args, 2, 1))),
    },
    Delete: { arity: [0, 0], call: (self) => run(self.folder.session.host, self.deleteSteps()) },
  },
  *enumerate(self) {
    for (const message of self) yield messageFace(message);
  },
});

const orZeroDate = (date: Date | undefined): AutomationValue =>
  date === undefined ? new Scalar(VT.date, 0) : dateValue(date);

const contentHeader = <
  Self extends { header(name: never): string; setHeader(name: never, value: string): void },
>(
  name: 'Content-Base' | 'Content-ID' | 'Content-Location',
): Member<Self> => ({
  arity: [0, 0],
  get: (self) => self.header(name as never),
  put: (self, args) => self.setHeader(name as never, text(args, 0)),
});

export const messageFace: (self: SessionMessage) => AutomationObject = knownFace<SessionMessage>({
  name: 'Message',
  defaultMember: 'Subject',
  members: {
    ...common<SessionMessage>(
      3,
      (self) => folderFace(self.folder),
      (self) => self.session,
    ),
    Subject: {
      arity: [0, 0],
      get: (self) => self.subject,
      put: (self, args) => {
        self.subject = text(args, 0);
      },
    },
    Text: {
      arity: [0, 0],
      get: (self) => self.text,
      put: (self, args) => {
        self.text = text(args, 0);
      },
    },
    HTMLText: {
      arity: [0, 0],
      get: (self) => self.htmlText,
      put: (self, args) => {
        self.htmlText = text(args, 0);
      },
    },
    Importance: {
      arity: [0, 0],
      get: (self) => self.importance,
      put: (self, args) => {
        self.importance = long(args, 0, 1);
      },
    },
    MessageFormat: {
      arity: [0, 0],
      put: (self, args) => {
        self.messageFormat = long(args, 0, 0);
      },
    },
    Recipients: {
      arity: [0, 1],
      get: (self, args) => {
        self.use();
        const face = recipientsFace(self.recipients);
        return args.length === 0 ? face : face.invoke('get', 'Item', args);
      },
    },
    Attachments: {
      arity: [0, 1],
      get: (self, args) => {
        self.use();
        const face = attachmentsFace(self.attachments);
        return args.length === 0 ? face : face.invoke('get', 'Item', args);
      },
    },
    Sender: { arity: [0, 0], get: (self) => addressEntryFace(self.sender) },
    Size: { arity: [0, 0], get: (self) => self.size },
    TimeSent: { arity: [0, 0], get: (self) => orZeroDate(self.timeSent) },
    TimeReceived: { arity: [0, 0], get: (self) => orZeroDate(self.timeReceived) },
    ContentBase: contentHeader<SessionMessage>('Content-Base'),
    ContentID: contentHeader<SessionMessage>('Content-ID'),
    ContentLocation: contentHeader<SessionMessage>('Content-Location'),
    Send: { arity: [0, 0], call: (self) => run(self.session.host, self.sendSteps()) },
    Delete: { arity: [0, 0], call: (self) => run(self.session.host, self.deleteSteps()) },
  },
});

const recipientFace: (self: Recipient) => AutomationObject = knownFace<Recipient>({
  name: 'Recipient',
  defaultMember: 'Name',
  members: {
    ...common<Recipient>(
      4,
      (self) => recipientsFace(self.message.recipients),
      (self) => self.message.session,
    ),
    Name: {
      arity: [0, 0],
      get: (self) => self.name,
      put: (self, args) => {
        self.message.mustBeNew();
        self.name = text(args, 0);
      },
    },
    Address: {
      arity: [0, 0],
      get: (self) => self.address,
      put: (self, args) => {
        self.message.mustBeNew();
        self.address = text(args, 0);
      },
    },
    Type: {
      arity: [0, 0],
      get: (self) => self.type,
      put: (self, args) => {
        self.message.mustBeNew();
        self.type = long(args, 0, 1);
      },
    },
    Delete: { arity: [0, 0], call: done((self) => self.delete()) },
  },
});

const recipientsFace: (self: Recipients) => AutomationObject = knownFace<Recipients>({
  name: 'Recipients',
  defaultMember: 'Item',
  members: {
    ...common<Recipients>(
      17,
      (self) => messageFace(self.message),
      (self) => self.message.session,
    ),
    Count: { arity: [0, 0], get: (self) => self.count },
    Item: { arity: [1, 1], get: (self, args) => recipientFace(self.item(long(args, 0, 0))) },
    Add: {
      arity: [0, 3],
      call: (self, args) => recipientFace(self.add(given(args, 0), given(args, 1), long(args, 2, 1))),
    },
    Delete: { arity: [0, 0], call: done((self) => self.deleteAll()) },
  },
  *enumerate(self) {
    for (const recipient of self) yield recipientFace(recipient);
  },
});

const attachmentFace: (self: Attachment) => AutomationObject = knownFace<Attachment>({
  name: 'Attachment',
  defaultMember: 'Name',
  members: {
    ...common<Attachment>(
      5,
      (self) => attachmentsFace(self.message.attachments),
      (self) => self.message.session,
    ),
    Name: {
      arity: [0, 0],
      get: (self) => self.name,
      put: (self, args) => {
        self.name = text(args, 0);
      },
    },
    Type: { arity: [0, 0], get: (self) => self.type },
    Source: { arity: [0, 0], get: (self) => (self.type === 4 ? messageFace(self.embedded()) : self.name) },
    ContentBase: contentHeader<Attachment>('Content-Base'),
    ContentID: contentHeader<Attachment>('Content-ID'),
    ContentLocation: contentHeader<Attachment>('Content-Location'),
    ReadFromFile: {
      arity: [1, 1],
      call: (self, args) => run(self.message.session.host, self.readFromFileSteps(text(args, 0))),
    },
    WriteToFile: {
      arity: [1, 1],
      call: (self, args) => run(self.message.session.host, self.writeToFileSteps(text(args, 0))),
    },
    Delete: { arity: [0, 0], call: done((self) => self.delete()) },
  },
});

/** A path, or the message to embed. */
function attachmentSource(argument: AutomationArgument): string | SessionMessage | undefined {
  if (isMissing(argument)) return undefined;
  if (!isAutomationObject(argument)) return String(fieldValue(argument) ?? '');
  const self = selfOf(argument);
  if (self instanceof SessionMessage) return self;
  throw new CdontsError('CdoE_INVALID_PARAMETER', {
    source: 'CDONTS.Session.1',
    hint: 'A path or a Message is wanted.',
  });
}

const attachmentsFace: (self: Attachments) => AutomationObject = knownFace<Attachments>({
  name: 'Attachments',
  defaultMember: 'Item',
  members: {
    ...common<Attachments>(
      18,
      (self) => messageFace(self.message),
      (self) => self.message.session,
    ),
    Count: { arity: [0, 0], get: (self) => self.count },
    Item: { arity: [1, 1], get: (self, args) => attachmentFace(self.item(long(args, 0, 0))) },
    Add: {
      arity: [0, 5],
      call: (self, args) => {
        const steps = self.addSteps({
          name: optionalText(args, 0) ?? '',
          type: long(args, 1, 1),
          source: attachmentSource(args[2]),
          contentLocation: optionalText(args, 3) ?? '',
          contentBase: optionalText(args, 4) ?? '',
        });
        return attachmentFace(runSync(steps, self.message.session.host.performSync));
      },
    },
    Delete: { arity: [0, 0], call: done((self) => self.deleteAll()) },
  },
  *enumerate(self) {
    for (const attachment of self) yield attachmentFace(attachment);
  },
});

const addressEntryFace: (self: AddressEntry) => AutomationObject = knownFace<AddressEntry>({
  name: 'AddressEntry',
  defaultMember: 'Name',
  members: {
    ...common<AddressEntry>(
      8,
      (self) => messageFace(self.message),
      (self) => self.message.session,
    ),
    Name: { arity: [0, 0], get: (self) => self.name },
    Address: { arity: [0, 0], get: (self) => self.address },
    Type: { arity: [0, 0], get: (self) => self.type },
  },
});

// ── Creatable classes ──────────────────────────────────────────────────────────────────────────────────────────────

export type CdontsClass = {
  readonly progId: string;
  readonly clsid: string;
  readonly create: (host: CdoHost, places: MailPlaces) => AutomationObject;
};

export const CDONTS_CLASSES: readonly CdontsClass[] = [
  {
    progId: 'CDONTS.NewMail',
    clsid: '{AF0EB60E-0775-11D1-A77D-00C04FC2F5B3}',
    create: (host, places) => newMailFace(new NewMail({ host, places })),
  },
  {
    progId: 'CDONTS.Session',
    clsid: '{0E064AEC-9D99-11D0-ABE5-00AA0064D470}',
    create: (host, places) => sessionFace(new Session({ host, places })),
  },
];

export const CDONTS_TYPE_LIBRARY = '{0E064ADD-9D99-11D0-ABE5-00AA0064D470}';

/** The object of a ProgID or CLSID, in any case; undefined when this room has none of that name. */
export function createCdontsObject(
  progId: string,
  host: CdoHost,
  places: MailPlaces,
): AutomationObject | undefined {
  const wanted = progId.toLowerCase().replace(/\.1$/, '');
  const found = CDONTS_CLASSES.find(
    (candidate) => candidate.progId.toLowerCase() === wanted || candidate.clsid.toLowerCase() === wanted,
  );
  return found?.create(host, places);
}
