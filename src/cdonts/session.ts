/**
 * Session and its objects: an Inbox over the drop folder, an Outbox over pickup.
 * Owns: Session, Folder, Messages.  Leaves: one message (session-message.ts).
 * Fails: CdontsError; before LogonSMTP nearly everything is CdoE_NOT_INITIALIZED.
 * Sources: reference B2.
 */
import { join } from 'node:path';
import {
  addressMailboxes,
  ask,
  type CdoHost,
  identifierHost,
  Message,
  runAsync,
  type Steps,
  standardHost,
} from '../cdo/index.ts';
import { mailboxKey } from '../envelope/index.ts';
import { charsetOfCodePage } from './code-pages.ts';
import { cdontsHost } from './compose.ts';
import { CDONTS_VERSION } from './constants.ts';
import { CdontsError, pickupError } from './errors.ts';
import type { MailPlaces } from './places.ts';
import { SessionMessage } from './session-message.ts';

export const SOURCE = 'CDONTS.Session.1';

export type SessionOptions = { readonly host?: CdoHost; readonly places: MailPlaces };

export class Session {
  readonly host: CdoHost;
  readonly places: MailPlaces;
  readonly version = CDONTS_VERSION;
  #identity: { readonly name: string; readonly address: string } | undefined;
  #messageFormat = 0;
  #charset: string | undefined;
  #inbox: Folder | undefined;
  #outbox: Folder | undefined;

  constructor(options: SessionOptions) {
    this.host = cdontsHost(options.host ?? standardHost());
    this.places = options.places;
  }

  /** Any name and address: there is no authentication. The address chooses what the Inbox shows. */
  logonSmtp(displayName: string, address: string): void {
    if (addressMailboxes(address, identifierHost(this.host)).length !== 1)
      throw new CdontsError('CdoE_INVALID_PARAMETER', {
        source: SOURCE,
        hint: `'${address}' is not one address.`,
      });
    this.#identity = { name: displayName, address };
    this.#inbox = undefined;
    this.#outbox = undefined;
  }

  logoff(): void {
    this.identity();
    this.#identity = undefined;
    this.#inbox = undefined;
    this.#outbox = undefined;
  }

  /** Who is logged on. */
  identity(): { readonly name: string; readonly address: string } {
    if (this.#identity === undefined)
      throw new CdontsError('CdoE_NOT_INITIALIZED', { source: SOURCE, hint: 'Call LogonSMTP first.' });
    return this.#identity;
  }

  get name(): string {
    return this.identity().name;
  }

  get inbox(): Folder {
    this.identity();
    this.#inbox ??= new Folder(this, 'Inbox');
    return this.#inbox;
  }

  get outbox(): Folder {
    this.identity();
    this.#outbox ??= new Folder(this, 'Outbox');
    return this.#outbox;
  }

  /** 1 Inbox, 2 Outbox. */
  getDefaultFolder(type: number): Folder {
    if (type === 1) return this.inbox;
    if (type === 2) return this.outbox;
    throw new CdontsError('CdoE_INVALID_PARAMETER', {
      source: SOURCE,
      hint: 'The folder type is 1 (Inbox) or 2 (Outbox).',
    });
  }

  /** 0 MIME, 1 text: the format of new messages. */
  get messageFormat(): number {
    return this.#messageFormat;
  }
  set messageFormat(format: number) {
    if (format !== 0 && format !== 1)
      throw new CdontsError('CdoE_INVALID_PARAMETER', {
        source: SOURCE,
        hint: 'MessageFormat is 0 (MIME) or 1 (text).',
      });
    this.#messageFormat = format;
  }

  get charset(): string | undefined {
    return this.#charset;
  }

  /** May be called before LogonSMTP. */
  setLocaleIds(codePage: number): void {
    const charset = charsetOfCodePage(codePage);
    if (charset === undefined)
      throw new CdontsError('CdoE_UNKNOWN_CPID', {
        source: SOURCE,
        hint: `Code page ${codePage} is not known here.`,
      });
    this.#charset = charset;
  }
}

export class Folder {
  readonly session: Session;
  readonly name: 'Inbox' | 'Outbox';
  #messages: SessionMessages | undefined;

  constructor(session: Session, name: 'Inbox' | 'Outbox') {
    this.session = session;
    this.name = name;
  }

  messages(): Promise<SessionMessages> {
    return runAsync(this.messagesSteps(), this.session.host.perform);
  }

  /** The messages; the Inbox is read once per logon. The Outbox is always empty: what is sent is handed over at once. */
  *messagesSteps(): Steps<SessionMessages> {
    if (this.#messages === undefined) {
      const items = this.name === 'Inbox' ? yield* readInbox(this.session, this) : [];
      this.#messages = new SessionMessages(this, items);
    }
    return this.#messages;
  }
}

function* readInbox(session: Session, folder: Folder): Steps<SessionMessage[]> {
  const { dropFolder } = session.places;
  if (dropFolder === undefined || dropFolder === '')
    throw new CdontsError('PATH_NOT_FOUND', { source: SOURCE, hint: 'No drop folder is configured.' });
  const path = session.host.mapPath(dropFolder);
  const items: SessionMessage[] = [];
  try {
    for (const name of [...(yield* ask('folder.list', { path }))].sort()) {
      if (!/\.eml$/i.test(name)) continue;
      const file = join(path, name);
      const bytes = yield* ask('file.read', { path: file });
      const message = Message.from(bytes, { host: session.host });
      if (isFor(message, session))
        items.push(new SessionMessage(folder, message, { path: file, bytes: bytes.length }));
    }
  } catch (failure) {
    throw pickupError(failure, path);
  }
  return items;
}

/** By the envelope the drop file carries; a file without one, by To and Cc. */
function isFor(message: Message, session: Session): boolean {
  const domain = identifierHost(session.host);
  const own = addressMailboxes(session.identity().address, domain).map(foldedKey)[0];
  const receivers = message.root.header.entries
    .filter((entry) => entry.name.toLowerCase() === 'x-receiver')
    .map((entry) => entry.value);
  const lists = receivers.length > 0 ? receivers : [message.to, message.cc];
  return lists.some((list) => addressMailboxes(list, domain).map(foldedKey).includes(own!));
}

function foldedKey(mailbox: Parameters<typeof mailboxKey>[0]): string {
  return mailboxKey(mailbox).toLowerCase();
}

export class SessionMessages {
  readonly folder: Folder;
  readonly #items: SessionMessage[];
  #at = -1;

  constructor(folder: Folder, items: SessionMessage[]) {
    this.folder = folder;
    this.#items = items;
  }

  get count(): number {
    return this.#items.length;
  }

  /** One-based. */
  item(index: number): SessionMessage {
    const item = this.#items[index - 1];
    if (item === undefined)
      throw new CdontsError('CdoE_NOT_FOUND', {
        source: SOURCE,
        hint: `There are ${this.count} messages; ${index} was asked for.`,
      });
    return item;
  }

  /** Undefined behind either end. */
  getFirst(): SessionMessage | undefined {
    this.#at = 0;
    return this.#items[0];
  }

  getNext(): SessionMessage | undefined {
    this.#at = Math.min(this.#at + 1, this.#items.length);
    return this.#items[this.#at];
  }

  getLast(): SessionMessage | undefined {
    this.#at = this.#items.length - 1;
    return this.#items[this.#at];
  }

  getPrevious(): SessionMessage | undefined {
    this.#at = Math.max(this.#at - 1, -1);
    return this.#items[this.#at];
  }

  /** A new message; only in the Outbox. */
  add(subject = '', text = '', importance = 1): SessionMessage {
    if (this.folder.name === 'Inbox')
      throw new CdontsError('CdoE_NO_ACCESS', {
        source: SOURCE,
        hint: 'New messages belong into the Outbox.',
      });
    return SessionMessage.compose(this.folder, { subject, text, importance });
  }

  /** Deletes all messages with their files. */
  delete(): Promise<void> {
    return runAsync(this.deleteSteps(), this.folder.session.host.perform);
  }

  *deleteSteps(): Steps<void> {
    for (const item of [...this.#items]) yield* item.deleteSteps();
  }

  forget(item: SessionMessage): void {
    const index = this.#items.indexOf(item);
    if (index < 0) return;
    this.#items.splice(index, 1);
    if (index <= this.#at) this.#at -= 1;
  }

  [Symbol.iterator](): Iterator<SessionMessage> {
    return [...this.#items][Symbol.iterator]();
  }
}
