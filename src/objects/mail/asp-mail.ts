/**
 * SMTPsvg.Mailer (ASPMail) and SoftArtisans.SMTPMail, which follows it: errors are never raised, SendMail answers False and
 * Response says why.
 * Sources: doc "ASPMail Component Reference"; observed: pages that send with SoftArtisans.SMTPMail.
 */
import { AutomationError, type AutomationObject, automationFace } from '../../automation/index.ts';
import { booleanAt, textAt } from '../arguments.ts';
import type { ObjectScope } from '../scope.ts';
import { AliasMessage, parseServers } from './alias-message.ts';
import {
  add,
  clear,
  fromPart,
  header,
  inert,
  type MailMember,
  method,
  own,
  PRIORITY,
  RECEIPT,
  REPLY_TO,
  text,
} from './members.ts';

class Mailer extends AliasMessage {
  remoteHost = '';
  contentType = '';
  response = '';

  user = '';
  password = '';

  /** Runs `work`; an error becomes False and the text of Response. */
  attempt(work: () => void): boolean {
    try {
      work();
      this.response = '';
      return true;
    } catch (thrown) {
      if (!(thrown instanceof AutomationError)) throw thrown;
      this.response = thrown.message;
      return false;
    }
  }

  deliver(): void {
    this.servers = parseServers(this.remoteHost).map((server) => ({
      ...server,
      ...(this.user !== '' && { user: this.user, password: this.password }),
    }));
    const { text: body, html } = this;
    if (/^text\/html/i.test(this.contentType) && html === '') {
      this.html = body;
      this.text = '';
    }
    try {
      this.send();
    } finally {
      this.text = body;
      this.html = html;
    }
  }
}

const of = (self: AliasMessage): Mailer => self as Mailer;

/** What both components have. */
const COMMON: Readonly<Record<string, MailMember>> = {
  RemoteHost: own<Mailer>('remoteHost'),
  FromName: fromPart('name'),
  FromAddress: fromPart('address'),
  Subject: text('subject'),
  ContentType: own<Mailer>('contentType'),
  CustomCharSet: text('charset'),
  CharSet: inert(1),
  Encoding: inert(2),
  DateTime: inert(''),
  TimeOut: inert(30),
  WordWrap: inert(false),
  WordWrapLen: inert(72),
  QMessage: inert(false),
  SMTPLog: inert(''),
  SMTPVersion: inert('Mailroot'),
  Urgent: {
    arity: [0, 0],
    get: (self) => self.priority === 1,
    put: (self, args) => {
      self.priority = booleanAt(args, 0) ? 1 : 3;
    },
  },
  Priority: PRIORITY,
  ReplyTo: REPLY_TO,
  Organization: header('Organization'),
  XMailer: header('X-Mailer'),
  ReturnReceipt: inert(false),
  ConfirmRead: RECEIPT,
  Response: { arity: [0, 0], get: (self) => of(self).response },
  Expires: { arity: [0, 0], get: () => '' },
  AddRecipient: add('to', 'name-first'),
  AddCC: add('cc', 'name-first'),
  AddBCC: add('bcc', 'name-first'),
  AddExtraHeader: method([1, 1], (self, args) => {
    const line = /^([^:]+):\s*([\s\S]*)$/.exec(textAt(args, 0));
    return line !== null && of(self).attempt(() => self.addHeader(line[1]!.trim(), line[2]!));
  }),
  AddAttachment: method([1, 1], (self, args) => of(self).attempt(() => self.attach(textAt(args, 0)))),
  GetBodyTextFromFile: method([1, 3], (self, args) =>
    of(self).attempt(() => {
      self.text += self.fileText(textAt(args, 0));
    }),
  ),
  ClearRecipients: clear('to'),
  ClearCCs: clear('cc'),
  ClearBCCs: clear('bcc'),
  ClearAllRecipients: clear('to', 'cc', 'bcc'),
  ClearAttachments: clear('attachments'),
  ClearExtraHeaders: clear('headers'),
  ClearBodyText: method([0, 0], (self) => {
    self.text = '';
    return undefined;
  }),
  EncodeHeader: method([1, 1], (_, args) => textAt(args, 0)),
  SendMail: method([0, 0], (self) => of(self).attempt(() => of(self).deliver())),
};

const aspMailFace = automationFace<AliasMessage>({
  name: 'Mailer',
  members: {
    ...COMMON,
    BodyText: {
      arity: [0, 0],
      get: (self) => self.text,
      // compat: each assignment adds to the body.
      put: (self, args) => {
        self.text += textAt(args, 0);
      },
    },
  },
});

const smtpMailFace = automationFace<AliasMessage>({
  name: 'SMTPMail',
  members: {
    ...COMMON,
    BodyText: text('text'),
    HTMLText: text('html'),
    UserName: own<Mailer>('user'),
    Password: own<Mailer>('password'),
    ConfirmReading: RECEIPT,
  },
});

export function createAspMail(scope: ObjectScope): AutomationObject {
  return aspMailFace(new Mailer(scope, 'SMTPsvg.Mailer.1'));
}

export function createSoftArtisansMail(scope: ObjectScope): AutomationObject {
  return smtpMailFace(new Mailer(scope, 'SoftArtisans.SMTPMail.1'));
}
