/**
 * Outlook.Application, as far as sending goes: CreateItem(0) … Send.
 * Owns: the application, the mail item, its recipients and attachments.  Leaves: the message (alias-message).
 * Fails: items that are no mail are 0x80004001; what would need a window does nothing.
 * Sources: doc "Outlook MailItem Object"; doc "Outlook Recipients Object".
 */
import {
  AutomationError,
  type AutomationObject,
  automationFace,
  type Member,
  NOTHING,
} from '../../automation/index.ts';
import { booleanAt, longAt, textAt } from '../arguments.ts';
import { runtimeError } from '../errors.ts';
import { fileName } from '../files/windows-path.ts';
import type { ObjectScope } from '../scope.ts';
import { AliasMessage } from './alias-message.ts';

const SOURCE = 'Microsoft Outlook';

const RECIPIENT_LIST = { 1: 'to', 2: 'cc', 3: 'bcc' } as const;

type Recipient = { address: string; type: 1 | 2 | 3; readonly item: MailItem };

/** The text of a list property and the Recipients collection are one list, as in Outlook. */
class MailItem {
  readonly message: AliasMessage;
  recipients: Recipient[] = [];
  readonly replies: string[] = [];
  importance = 1;
  isSent = false;

  constructor(scope: ObjectScope) {
    this.message = new AliasMessage(scope, SOURCE);
    const { mailAddress } = scope.machine;
    this.message.from = { address: mailAddress, name: '' };
  }

  list(type: 1 | 2 | 3): string {
    return this.recipients
      .filter((recipient) => recipient.type === type)
      .map(({ address }) => address)
      .join('; ');
  }

  setList(type: 1 | 2 | 3, text: string): void {
    const addresses = text
      .split(/[;,]/)
      .map((part) => part.trim())
      .filter((part) => part !== '');
    this.recipients = this.recipients.filter((recipient) => recipient.type !== type);
    for (const address of addresses) this.recipients.push({ address, type, item: this });
  }

  send(): void {
    if (this.isSent) throw outlookError(0x8004_010a | 0, 'The item has been moved or deleted.');
    if (this.recipients.length === 0)
      throw outlookError(
        0x8004_0201 | 0,
        'We need to know who to send this to. Make sure you enter at least one name.',
      );
    const { message } = this;
    for (const [type, key] of Object.entries(RECIPIENT_LIST))
      message[key] = this.recipients
        .filter((recipient) => recipient.type === Number(type))
        .map(({ address }) => ({ address, name: '' }));
    message.replyTo = this.replies.map((address) => ({ address, name: '' }));
    message.priority = this.importance === 2 ? 1 : this.importance === 0 ? 5 : 3;
    message.send();
    this.isSent = true;
  }
}

function outlookError(hresult: number, text: string): AutomationError {
  return new AutomationError(hresult, text, { source: SOURCE });
}

type ItemMember = Member<MailItem>;

function listText(type: 1 | 2 | 3): ItemMember {
  return {
    arity: [0, 0],
    get: (self) => self.list(type),
    put: (self, args) => self.setList(type, textAt(args, 0)),
  };
}

function messageText(key: 'subject' | 'text' | 'html'): ItemMember {
  return {
    arity: [0, 0],
    get: (self) => self.message[key],
    put: (self, args) => {
      self.message[key] = textAt(args, 0);
    },
  };
}

const nothing: ItemMember = { arity: [0, 2], call: () => undefined };

const itemFace: (self: MailItem) => AutomationObject = automationFace<MailItem>({
  name: 'MailItem',
  members: {
    To: listText(1),
    CC: listText(2),
    BCC: listText(3),
    Subject: messageText('subject'),
    Body: messageText('text'),
    HTMLBody: messageText('html'),
    BodyFormat: { arity: [0, 0], get: (self) => (self.message.html === '' ? 1 : 2), put: () => undefined },
    Importance: {
      arity: [0, 0],
      get: (self) => self.importance,
      put: (self, args) => {
        self.importance = longAt(args, 0);
      },
    },
    SentOnBehalfOfName: {
      arity: [0, 0],
      get: (self) => self.message.from.address,
      put: (self, args) => {
        self.message.from = { address: textAt(args, 0), name: '' };
      },
    },
    ReadReceiptRequested: {
      arity: [0, 0],
      get: (self) => self.message.wantsReceipt,
      put: (self, args) => {
        self.message.wantsReceipt = booleanAt(args, 0);
      },
    },
    OriginatorDeliveryReportRequested: { arity: [0, 0], get: () => false, put: () => undefined },
    DeleteAfterSubmit: { arity: [0, 0], get: () => false, put: () => undefined },
    Sent: { arity: [0, 0], get: (self) => self.isSent },
    Attachments: { arity: [0, 0], get: (self) => attachmentsFace(self) },
    Recipients: { arity: [0, 0], get: (self) => recipientsFace(self) },
    ReplyRecipients: { arity: [0, 0], get: (self) => repliesFace(self) },
    Send: { arity: [0, 0], call: (self) => self.send() as undefined },
    Save: nothing,
    Display: nothing,
    Close: nothing,
    Delete: nothing,
  },
});

const attachmentsFace: (self: MailItem) => AutomationObject = automationFace<MailItem>({
  name: 'Attachments',
  defaultMember: 'Item',
  members: {
    Count: { arity: [0, 0], get: (self) => self.message.attachments.length },
    Item: {
      arity: [1, 1],
      get: (self, args) => {
        const path = self.message.attachments[longAt(args, 0) - 1];
        if (path === undefined) throw outlookError(0x8007_0057 | 0, 'Array index out of bounds.');
        return attachmentFace({ path });
      },
    },
    Add: {
      arity: [1, 4],
      call: (self, args) => {
        const path = textAt(args, 0);
        self.message.attach(path);
        return attachmentFace({ path });
      },
    },
  },
  *enumerate(self) {
    for (const path of self.message.attachments) yield attachmentFace({ path });
  },
});

const attachmentFace: (self: { path: string }) => AutomationObject = automationFace<{ path: string }>({
  name: 'Attachment',
  members: {
    FileName: { arity: [0, 0], get: ({ path }) => fileName(path) },
    DisplayName: { arity: [0, 0], get: ({ path }) => fileName(path), put: () => undefined },
  },
});

const recipientsFace: (self: MailItem) => AutomationObject = automationFace<MailItem>({
  name: 'Recipients',
  defaultMember: 'Item',
  members: {
    Count: { arity: [0, 0], get: (self) => self.recipients.length },
    Item: {
      arity: [1, 1],
      get: (self, args) => {
        const found = self.recipients[longAt(args, 0) - 1];
        if (found === undefined) throw outlookError(0x8007_0057 | 0, 'Array index out of bounds.');
        return recipientFace(found);
      },
    },
    Add: {
      arity: [1, 1],
      call: (self, args) => {
        const recipient: Recipient = { address: textAt(args, 0), type: 1, item: self };
        self.recipients.push(recipient);
        return recipientFace(recipient);
      },
    },
    ResolveAll: { arity: [0, 0], call: () => true },
  },
  *enumerate(self) {
    for (const recipient of self.recipients) yield recipientFace(recipient);
  },
});

const recipientFace: (self: Recipient) => AutomationObject = automationFace<Recipient>({
  name: 'Recipient',
  defaultMember: 'Name',
  members: {
    Name: { arity: [0, 0], get: ({ address }) => address },
    Address: { arity: [0, 0], get: ({ address }) => address },
    Resolved: { arity: [0, 0], get: () => true },
    Resolve: { arity: [0, 0], call: () => true },
    Type: {
      arity: [0, 0],
      get: ({ type }) => type,
      put: (self, args) => {
        const type = longAt(args, 0);
        if (type !== 1 && type !== 2 && type !== 3) throw runtimeError(5);
        self.type = type;
      },
    },
    Delete: {
      arity: [0, 0],
      call: (self) => {
        self.item.recipients = self.item.recipients.filter((each) => each !== self);
        return undefined;
      },
    },
  },
});

const repliesFace: (self: MailItem) => AutomationObject = automationFace<MailItem>({
  name: 'Recipients',
  members: {
    Count: { arity: [0, 0], get: (self) => self.replies.length },
    Add: {
      arity: [1, 1],
      call: (self, args) => {
        self.replies.push(textAt(args, 0));
        return recipientFace({ address: textAt(args, 0), type: 1, item: self });
      },
    },
  },
  enumerate: (self) => self.replies.values(),
});

type Application = { readonly scope: ObjectScope };

const applicationFace: (self: Application) => AutomationObject = automationFace<Application>({
  name: 'Application',
  defaultMember: 'Name',
  members: {
    Name: { arity: [0, 0], get: () => 'Outlook' },
    Version: { arity: [0, 0], get: () => '16.0.0.0' },
    CreateItem: {
      arity: [1, 1],
      call: ({ scope }, args) => {
        if (longAt(args, 0) !== 0)
          throw outlookError(0x8000_4001 | 0, 'Only mail items can be created: CreateItem(0).');
        return itemFace(new MailItem(scope));
      },
    },
    GetNamespace: {
      arity: [1, 1],
      call: (self, args) => {
        if (textAt(args, 0).toUpperCase() !== 'MAPI') throw runtimeError(5);
        return namespaceFace(self.scope);
      },
    },
    Session: { arity: [0, 0], get: (self) => namespaceFace(self.scope) },
    ActiveExplorer: { arity: [0, 0], call: () => NOTHING },
    Quit: { arity: [0, 0], call: () => undefined },
  },
});

const namespaceFace: (scope: ObjectScope) => AutomationObject = automationFace<ObjectScope>({
  name: 'NameSpace',
  members: {
    Logon: { arity: [0, 4], call: () => undefined },
    Logoff: { arity: [0, 0], call: () => undefined },
    SendAndReceive: { arity: [0, 1], call: () => undefined },
    CurrentUser: {
      arity: [0, 0],
      get: (scope) =>
        recipientFace({ address: scope.machine.mailAddress, type: 1, item: new MailItem(scope) }),
    },
  },
});

export function createOutlook(scope: ObjectScope): AutomationObject {
  return applicationFace({ scope });
}
