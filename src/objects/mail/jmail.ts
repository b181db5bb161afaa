/**
 * JMail.Message and JMail.SMTPMail.
 * Owns: their members' names and the Silent rule.  Leaves: the message (alias-message).
 * Sources: doc "w3 JMail 4.3 Reference".
 */
import { AutomationError, type AutomationObject, automationFace } from '../../automation/index.ts';
import { textAt } from '../arguments.ts';
import type { ObjectScope } from '../scope.ts';
import { AliasMessage, parseServers } from './alias-message.ts';
import {
  add,
  clear,
  fromPart,
  inert,
  type MailMember,
  method,
  own,
  PRIORITY,
  RECEIPT,
  REPLY_TO,
  text,
} from './members.ts';

class JMail extends AliasMessage {
  isSilent = false;
  isLogging = false;
  log = '';
  error: { code: number; message: string } = { code: 0, message: '' };
  contentType = '';
  user = '';
  password = '';
  server = '';

  constructor(scope: ObjectScope) {
    super(scope, 'jmail.Message');
  }

  /** True when the message went; False instead of an error when Silent is set. */
  deliver(server: string): boolean {
    this.servers = parseServers(server).map((each) => ({
      ...each,
      ...(this.user !== '' && { user: this.user, password: this.password }),
    }));
    const { text: body, html } = this;
    if (/^text\/html/i.test(this.contentType) && html === '') {
      this.html = body;
      this.text = '';
    }
    try {
      this.send();
      if (this.isLogging) this.log += `Message handed over to ${server || 'the local mail service'}.\r\n`;
      this.error = { code: 0, message: '' };
      return true;
    } catch (thrown) {
      if (!(thrown instanceof AutomationError)) throw thrown;
      this.error = { code: thrown.hresult, message: thrown.message };
      if (this.isLogging) this.log += `${thrown.message}\r\n`;
      if (this.isSilent) return false;
      throw thrown;
    } finally {
      this.text = body;
      this.html = html;
    }
  }
}

type Members = Record<string, MailMember>;
const of = (self: AliasMessage): JMail => self as JMail;

const COMMON: Members = {
  Subject: text('subject'),
  Body: text('text'),
  HTMLBody: text('html'),
  Charset: text('charset'),
  ContentType: own<JMail>('contentType'),
  Encoding: inert(''),
  ISOEncodeHeaders: inert(true),
  MimeVersion: inert('1.0'),
  MailDomain: inert(''),
  ContentTransferEncoding: inert(''),
  Silent: own<JMail>('isSilent'),
  Logging: own<JMail>('isLogging'),
  Log: { arity: [0, 0], get: (self) => of(self).log },
  ErrorCode: { arity: [0, 0], get: (self) => of(self).error.code },
  ErrorMessage: { arity: [0, 0], get: (self) => of(self).error.message },
  ErrorSource: { arity: [0, 0], get: (self) => (of(self).error.code === 0 ? '' : self.source) },
  About: { arity: [0, 0], get: () => 'Mailroot' },
  Version: { arity: [0, 0], get: () => '4.5' },
  Priority: PRIORITY,
  ReplyTo: REPLY_TO,
  ReturnReceipt: RECEIPT,
  RecipientsString: {
    arity: [0, 0],
    get: (self) => [...self.to, ...self.cc, ...self.bcc].map(({ address }) => `${address}\r\n`).join(''),
  },
  AddRecipient: add('to'),
  AddRecipientEx: add('to'),
  AddRecipientCC: add('cc'),
  AddRecipientBCC: add('bcc'),
  ClearRecipients: clear('to', 'cc', 'bcc'),
  AddHeader: method([2, 2], (self, args) => self.addHeader(textAt(args, 0), textAt(args, 1)) as undefined),
  AddNativeHeader: method(
    [2, 2],
    (self, args) => self.addHeader(textAt(args, 0), textAt(args, 1)) as undefined,
  ),
  ClearCustomHeaders: clear('headers'),
  AddAttachment: method([1, 3], (self, args) => {
    self.attach(textAt(args, 0));
    return '';
  }),
  ClearAttachments: clear('attachments'),
  AppendText: method([1, 1], (self, args) => {
    self.text += textAt(args, 0);
    return undefined;
  }),
  AppendHTML: method([1, 1], (self, args) => {
    self.html += textAt(args, 0);
    return undefined;
  }),
  AppendBodyFromFile: method([1, 1], (self, args) => {
    self.text += self.fileText(textAt(args, 0));
    return undefined;
  }),
  Close: method([0, 0], () => undefined),
};

const messageFace = automationFace<AliasMessage>({
  name: 'Message',
  members: {
    ...COMMON,
    From: fromPart('address'),
    FromName: fromPart('name'),
    MailServerUserName: own<JMail>('user'),
    MailServerPassWord: own<JMail>('password'),
    Clear: method([0, 0], (self) => {
      Object.assign(self, new JMail(self.scope));
      return undefined;
    }),
    Send: method([0, 2], (self, args) => of(self).deliver(textAt(args, 0, ''))),
    // Nq leaves the sending to the mail service's queue: ours takes every message there.
    Nq: method([0, 0], (self) => of(self).deliver('')),
  },
});

const smtpMailFace = automationFace<AliasMessage>({
  name: 'SMTPMail',
  members: {
    ...COMMON,
    ServerAddress: own<JMail>('server'),
    Sender: fromPart('address'),
    SenderName: fromPart('name'),
    LazySend: inert(false),
    Execute: method([0, 0], (self) => of(self).deliver(of(self).server)),
  },
});

export function createJMailMessage(scope: ObjectScope): AutomationObject {
  return messageFace(new JMail(scope));
}

export function createJMailSmtp(scope: ObjectScope): AutomationObject {
  return smtpMailFace(new JMail(scope));
}
