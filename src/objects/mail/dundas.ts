/**
 * Dundas.Mailer: recipients, servers, headers and attachments are collections with Add.
 * Sources: doc "Dundas Mailer Control Reference".
 */
import { type AutomationObject, automationFace } from '../../automation/index.ts';
import { longAt, textAt } from '../arguments.ts';
import { runtimeError } from '../errors.ts';
import type { ObjectScope } from '../scope.ts';
import { AliasMessage, parseServer, priorityOf } from './alias-message.ts';
import { fromPart, inert, method, text } from './members.ts';

type Kind = 'to' | 'cc' | 'bcc' | 'servers' | 'attachments' | 'headers';

class Collection {
  readonly message: AliasMessage;
  readonly kind: Kind;

  constructor(message: AliasMessage, kind: Kind) {
    this.message = message;
    this.kind = kind;
  }

  texts(): string[] {
    const { message, kind } = this;
    switch (kind) {
      case 'servers':
        return message.servers.map(({ host }) => host);
      case 'headers':
        return message.headers.map(({ name, value }) => `${name}: ${value}`);
      case 'attachments':
        return [...message.attachments];
      default:
        return message[kind].map(({ address }) => address);
    }
  }

  add(first: string, second: string): void {
    const { message, kind } = this;
    if (kind === 'servers') message.servers.push(parseServer(first));
    else if (kind === 'headers') message.addHeader(first, second);
    else if (kind === 'attachments') message.attach(first);
    else message[kind].push({ address: first, name: second });
  }
}

const collectionFace: (self: Collection) => AutomationObject = automationFace<Collection>({
  name: 'Collection',
  defaultMember: 'Item',
  members: {
    Count: { arity: [0, 0], get: (self) => self.texts().length },
    Item: {
      arity: [1, 1],
      get: (self, args) => {
        const found = self.texts()[longAt(args, 0) - 1];
        if (found === undefined) throw runtimeError(9);
        return found;
      },
    },
    Add: {
      arity: [1, 3],
      call: (self, args) => self.add(textAt(args, 0), textAt(args, 1, '')) as undefined,
    },
    Remove: {
      arity: [1, 1],
      call: (self, args) => {
        const at = longAt(args, 0) - 1;
        if (at < 0 || at >= self.texts().length) throw runtimeError(9);
        self.message[self.kind].splice(at, 1);
        return undefined;
      },
    },
    Clear: {
      arity: [0, 0],
      call: (self) => {
        self.message[self.kind].length = 0;
        return undefined;
      },
    },
  },
  enumerate: (self) => self.texts().values(),
});

const collections = new WeakMap<AliasMessage, Map<Kind, Collection>>();

function collection(kind: Kind) {
  return {
    arity: [0, 0] as const,
    get: (self: AliasMessage): AutomationObject => {
      let own = collections.get(self);
      if (own === undefined) collections.set(self, (own = new Map()));
      let found = own.get(kind);
      if (found === undefined) own.set(kind, (found = new Collection(self, kind)));
      return collectionFace(found);
    },
  };
}

const face = automationFace<AliasMessage>({
  name: 'Mailer',
  members: {
    SMTPRelayServers: collection('servers'),
    TOs: collection('to'),
    CCs: collection('cc'),
    BCCs: collection('bcc'),
    Attachments: collection('attachments'),
    CustomHeaders: collection('headers'),
    FromAddress: fromPart('address'),
    FromName: fromPart('name'),
    ReplyToAddress: {
      arity: [0, 0],
      get: (self) => self.replyTo[0]?.address ?? '',
      put: (self, args) => {
        self.replyTo = [{ address: textAt(args, 0), name: '' }];
      },
    },
    Subject: text('subject'),
    Body: text('text'),
    HTMLBody: text('html'),
    CharacterSet: text('charset'),
    CharacterEncoding: inert(''),
    ContentType: inert('text/plain'),
    Priority: {
      arity: [0, 0],
      get: (self) => self.priority,
      put: (self, args) => {
        self.priority = priorityOf(longAt(args, 0));
      },
    },
    ConfirmRead: inert(false),
    ConversationTopic: inert(''),
    SendMail: method([0, 0], (self) => {
      self.send();
      return undefined;
    }),
    QuickSend: method([4, 4], (self, args) => {
      self.from = { address: textAt(args, 0), name: '' };
      self.to = [{ address: textAt(args, 1), name: '' }];
      self.subject = textAt(args, 2);
      self.text = textAt(args, 3);
      self.send();
      return undefined;
    }),
  },
});

export function createDundasMailer(scope: ObjectScope): AutomationObject {
  return face(new AliasMessage(scope, 'Dundas.Mailer.1'));
}
