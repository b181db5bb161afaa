/**
 * Geocel.Mailer (DevMailer): servers are added one by one and tried in that order; Send answers whether one took the message.
 * Owns: its members' names.  Leaves: the message (alias-message).
 * Sources: doc "GeoCel DevMailer 1.0", observed: pages that send with it.
 */
import { AutomationError, type AutomationObject, automationFace } from '../../automation/index.ts';
import { longAt, textAt } from '../arguments.ts';
import type { ObjectScope } from '../scope.ts';
import { AliasMessage, parseServer } from './alias-message.ts';
import { add, clear, fromPart, header, inert, method, own, PRIORITY, REPLY_TO, text } from './members.ts';

class DevMailer extends AliasMessage {
  contentType = '';
  lastError = '';

  constructor(scope: ObjectScope) {
    super(scope, 'Geocel.Mailer.1');
  }

  deliver(): boolean {
    const { text: body } = this;
    if (/^text\/html/i.test(this.contentType)) {
      this.html = body;
      this.text = '';
    }
    try {
      this.send();
      this.lastError = '';
      return true;
    } catch (thrown) {
      if (!(thrown instanceof AutomationError)) throw thrown;
      this.lastError = thrown.message;
      return false;
    } finally {
      this.text = body;
      this.html = '';
    }
  }
}

const face = automationFace<AliasMessage>({
  name: 'Mailer',
  members: {
    FromAddress: fromPart('address'),
    FromName: fromPart('name'),
    ReplyTo: REPLY_TO,
    Subject: text('subject'),
    Body: text('text'),
    CharSet: text('charset'),
    ContentType: own<DevMailer>('contentType'),
    Priority: PRIORITY,
    Organization: header('Organization'),
    XMailer: header('X-Mailer'),
    LogFile: inert(''),
    QueuePath: inert(''),
    Timeout: inert(30),
    LastError: { arity: [0, 0], get: (self) => (self as DevMailer).lastError },
    AddServer: method([1, 2], (self, args) => {
      const port = longAt(args, 1, 25);
      self.servers.push({ port, ...parseServer(textAt(args, 0)) });
      return true;
    }),
    AddRecipient: add('to'),
    AddCC: add('cc'),
    AddBCC: add('bcc'),
    AddAttachment: method([1, 2], (self, args) => self.attach(textAt(args, 0)) as undefined),
    AddHeader: method([2, 2], (self, args) => self.addHeader(textAt(args, 0), textAt(args, 1)) as undefined),
    ClearRecipients: clear('to', 'cc', 'bcc'),
    ClearAttachments: clear('attachments'),
    ClearServers: method([0, 0], (self) => {
      self.servers = [];
      return undefined;
    }),
    Send: method([0, 0], (self) => (self as DevMailer).deliver()),
  },
});

export function createDevMailer(scope: ObjectScope): AutomationObject {
  return face(new DevMailer(scope));
}
