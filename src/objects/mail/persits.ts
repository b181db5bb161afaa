/**
 * Persits.MailSender (AspEmail).
 * Owns: its members' names.  Leaves: the message (alias-message).
 * Sources: doc "AspEmail Object Reference".
 */
import { type AutomationObject, automationFace } from '../../automation/index.ts';
import { longAt, textAt } from '../arguments.ts';
import { runtimeError } from '../errors.ts';
import type { ObjectScope } from '../scope.ts';
import { AliasMessage, parseServers } from './alias-message.ts';
import { add, clear, fromPart, inert, method, own, PRIORITY, RECEIPT, text } from './members.ts';

class MailSender extends AliasMessage {
  host = '';
  port: number | undefined;
  user = '';
  password = '';
  useTls = false;
  isHtml = false;
  body = '';
  alternative = '';

  constructor(scope: ObjectScope) {
    super(scope, 'Persits.MailSender.4');
  }

  deliver(): boolean {
    this.servers = parseServers(this.host).map((server) => ({
      ...server,
      port: server.port ?? this.port,
      useTls: this.useTls,
      ...(this.user !== '' && { user: this.user, password: this.password }),
    }));
    this.html = this.isHtml ? this.body : '';
    this.text = this.isHtml ? this.alternative : this.body;
    this.send();
    return true;
  }
}

const of = (self: AliasMessage): MailSender => self as MailSender;

const face = automationFace<AliasMessage>({
  name: 'IMailSender',
  members: {
    Host: own<MailSender>('host'),
    Port: {
      arity: [0, 0],
      get: (self) => of(self).port ?? 25,
      put: (self, args) => {
        of(self).port = longAt(args, 0);
      },
    },
    Username: own<MailSender>('user'),
    Password: own<MailSender>('password'),
    SSL: own<MailSender>('useTls'),
    TLS: own<MailSender>('useTls'),
    From: fromPart('address'),
    FromName: fromPart('name'),
    MailFrom: inert(''),
    Helo: inert(''),
    Subject: text('subject'),
    Body: own<MailSender>('body'),
    AltBody: own<MailSender>('alternative'),
    IsHTML: own<MailSender>('isHtml'),
    CharSet: text('charset'),
    ContentTransferEncoding: inert(''),
    Priority: PRIORITY,
    Queue: inert(false),
    Timestamp: inert(''),
    RegKey: inert(''),
    ReturnReceipt: RECEIPT,
    AddAddress: add('to'),
    AddCC: add('cc'),
    AddBcc: add('bcc'),
    AddReplyTo: add('replyTo'),
    AddAttachment: method([1, 1], (self, args) => self.attach(textAt(args, 0)) as undefined),
    AddEmbeddedImage: method([2, 2], (self, args) => {
      self.scope.files.file(textAt(args, 0));
      self.images.push({ path: textAt(args, 0), id: textAt(args, 1) });
      return undefined;
    }),
    AddCustomHeader: method([1, 1], (self, args) => {
      const line = /^([^:]+):\s*([\s\S]*)$/.exec(textAt(args, 0));
      if (line === null) throw runtimeError(5);
      self.addHeader(line[1]!.trim(), line[2]!);
      return undefined;
    }),
    AppendBodyFromFile: method([1, 1], (self, args) => {
      of(self).body += self.fileText(textAt(args, 0));
      return undefined;
    }),
    // Headers are encoded when the message is built, so what is given comes back.
    EncodeHeader: method([1, 2], (_, args) => textAt(args, 0)),
    ValidateAddress: method([1, 1], (_, args) =>
      /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+$/.test(textAt(args, 0)) ? 0 : 1,
    ),
    Reset: clear('to', 'cc', 'bcc', 'replyTo', 'attachments'),
    ResetAll: method([0, 0], (self) => {
      Object.assign(self, new MailSender(self.scope));
      return undefined;
    }),
    Send: method([0, 1], (self) => of(self).deliver()),
    SendToQueue: method([0, 1], (self) => of(self).deliver()),
  },
});

export function createMailSender(scope: ObjectScope): AutomationObject {
  return face(new MailSender(scope));
}
