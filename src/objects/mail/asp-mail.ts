/**
 * SMTPsvg.Mailer (ASPMail): errors are never raised, SendMail answers False and Response says why.
 * Sources: doc "ASPMail Component Reference".
 */
import { AutomationError, type AutomationObject, automationFace } from '../../automation/index.ts';
import { booleanAt, longAt, textAt } from '../arguments.ts';
import type { ObjectScope } from '../scope.ts';
import { AliasMessage, parseServers, priorityOf } from './alias-message.ts';
import { add, fromPart, inert, type MailMember, method, text } from './members.ts';

class Mailer extends AliasMessage {
  remoteHost = '';
  contentType = '';
  response = '';

  constructor(scope: ObjectScope) {
    super(scope, 'SMTPsvg.Mailer.1');
  }

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
    this.servers = parseServers(this.remoteHost);
    const { text: body } = this;
    if (/^text\/html/i.test(this.contentType)) {
      this.html = body;
      this.text = '';
    }
    try {
      this.send();
    } finally {
      this.text = body;
      this.html = '';
    }
  }
}

const of = (self: AliasMessage): Mailer => self as Mailer;

function mailerText(key: 'remoteHost' | 'contentType'): MailMember {
  return {
    arity: [0, 0],
    get: (self) => of(self)[key],
    put: (self, args) => {
      of(self)[key] = textAt(args, 0);
    },
  };
}

function clear(...keys: ('to' | 'cc' | 'bcc' | 'attachments' | 'headers')[]): MailMember {
  return method([0, 0], (self) => {
    for (const key of keys) self[key].length = 0;
    return undefined;
  });
}

function header(name: string): MailMember {
  return {
    arity: [0, 0],
    get: (self) => self.headers.find((each) => each.name === name)?.value ?? '',
    put: (self, args) => {
      self.headers = self.headers.filter((each) => each.name !== name);
      self.addHeader(name, textAt(args, 0));
    },
  };
}

const face = automationFace<AliasMessage>({
  name: 'Mailer',
  members: {
    RemoteHost: mailerText('remoteHost'),
    FromName: fromPart('name'),
    FromAddress: fromPart('address'),
    Subject: text('subject'),
    BodyText: {
      arity: [0, 0],
      get: (self) => self.text,
      // compat: each assignment adds to the body.
      put: (self, args) => {
        self.text += textAt(args, 0);
      },
    },
    ContentType: mailerText('contentType'),
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
    Priority: {
      arity: [0, 0],
      get: (self) => self.priority,
      put: (self, args) => {
        self.priority = priorityOf(longAt(args, 0));
      },
    },
    ReplyTo: {
      arity: [0, 0],
      get: (self) => self.replyTo[0]?.address ?? '',
      put: (self, args) => {
        self.replyTo = [{ address: textAt(args, 0), name: '' }];
      },
    },
    Organization: header('Organization'),
    XMailer: header('X-Mailer'),
    ReturnReceipt: inert(false),
    ConfirmRead: {
      arity: [0, 0],
      get: (self) => self.wantsReceipt,
      put: (self, args) => {
        self.wantsReceipt = booleanAt(args, 0);
      },
    },
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
  },
});

export function createAspMail(scope: ObjectScope): AutomationObject {
  return face(new Mailer(scope));
}
