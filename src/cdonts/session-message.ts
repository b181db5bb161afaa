/**
 * A message of a Session, received or new, with its recipients and attachments.
 * Owns: their members.  Leaves: the message itself (cdo), folders (session.ts).
 * Sources: reference B2.
 */
import {
  addAttachmentPart,
  ask,
  fileError,
  listAttachments,
  Message,
  mediaTypeOf,
  type Part,
  runAsync,
  type Steps,
} from '../cdo/index.ts';
import { formatMailbox } from '../envelope/index.ts';
import { mailboxesOf, type NamedMailbox, parseAddressList, printAddress } from '../message/index.ts';
import { mustBeMime, setCharset, setImportance, writeToPickup } from './compose.ts';
import { CdontsError, pickupError } from './errors.ts';
import type { Folder, Session } from './session.ts';

const SOURCE = 'CDONTS.Session.1';
const IMPORTANCE = ['low', 'normal', 'high'];

export type RecipientType = 1 | 2 | 3;

export class Recipient {
  name: string;
  address: string;
  readonly message: SessionMessage;
  #type: RecipientType;

  constructor(message: SessionMessage, name: string, address: string, type: RecipientType) {
    this.message = message;
    this.name = name;
    this.address = address;
    this.#type = type;
  }

  /** 1 To, 2 Cc, 3 Bcc. */
  get type(): RecipientType {
    return this.#type;
  }
  set type(type: number) {
    this.#type = recipientType(type);
  }

  delete(): void {
    this.message.recipients.remove(this);
  }
}

function recipientType(type: number): RecipientType {
  if (type === 1 || type === 2 || type === 3) return type;
  throw new CdontsError('CdoE_INVALID_PARAMETER', {
    source: SOURCE,
    hint: 'The type is 1 (To), 2 (Cc) or 3 (Bcc).',
  });
}

export class Recipients {
  readonly message: SessionMessage;
  readonly #items: Recipient[] = [];

  constructor(message: SessionMessage) {
    this.message = message;
  }

  get count(): number {
    return this.#items.length;
  }

  item(index: number): Recipient {
    const item = this.#items[index - 1];
    if (item === undefined) throw new CdontsError('CdoE_NOT_FOUND', { source: SOURCE });
    return item;
  }

  /** Without an address the name must hold one. */
  add(name = '', address = '', type = 1): Recipient {
    this.message.mustBeNew();
    const recipient = new Recipient(this.message, name, address === '' ? name : address, recipientType(type));
    this.#items.push(recipient);
    return recipient;
  }

  /** Fills the collection of a received message. */
  adopt(entries: readonly NamedMailbox[], type: RecipientType): void {
    for (const { displayName, mailbox } of entries)
      this.#items.push(new Recipient(this.message, displayName, formatMailbox(mailbox), type));
  }

  remove(recipient: Recipient): void {
    this.message.mustBeNew();
    this.#items.splice(this.#items.indexOf(recipient), 1);
  }

  deleteAll(): void {
    this.message.mustBeNew();
    this.#items.length = 0;
  }

  /** The list for a header of the message. */
  list(type: RecipientType): string {
    return this.#items
      .filter((item) => item.type === type)
      .map((item) => addressText(item.name, item.address))
      .join('; ');
  }

  [Symbol.iterator](): Iterator<Recipient> {
    return [...this.#items][Symbol.iterator]();
  }
}

function addressText(name: string, address: string): string {
  const [entry] = mailboxesOf(parseAddressList(address));
  if (entry === undefined) return address;
  return printAddress(
    { displayName: name === address ? entry.displayName : name, mailbox: entry.mailbox },
    { utf8: true },
  );
}

/** The author of a message. */
export class AddressEntry {
  readonly name: string;
  readonly address: string;
  readonly type = 'SMTP';
  readonly message: SessionMessage;

  constructor(message: SessionMessage, name: string, address: string) {
    this.message = message;
    this.name = name;
    this.address = address;
  }
}

export class Attachment {
  readonly part: Part;
  readonly message: SessionMessage;

  constructor(message: SessionMessage, part: Part) {
    this.message = message;
    this.part = part;
  }

  get name(): string {
    if (this.part.fileName !== '') return this.part.fileName;
    // As the original names an embedded message without a name.
    return this.type === 4 ? `ATT${String(this.message.attachments.indexOf(this)).padStart(5, '0')}.EML` : '';
  }
  set name(name: string) {
    this.part.dispositionParameters.set('filename', name);
    this.part.setParameter('name', name);
    this.part.header.invalidate('content-disposition');
  }

  /** 1 file, 4 embedded message. */
  get type(): number {
    return this.part.mediaType === 'message/rfc822' ? 4 : 1;
  }

  header(name: 'Content-Base' | 'Content-ID' | 'Content-Location'): string {
    return this.part.header.text(name) ?? '';
  }

  setHeader(name: 'Content-Base' | 'Content-ID' | 'Content-Location', value: string): void {
    this.part.header.set(name, value, 'raw');
  }

  /** The embedded message. */
  embedded(): SessionMessage {
    if (this.type !== 4)
      throw new CdontsError('CdoE_NO_SUPPORT', { source: SOURCE, hint: 'The attachment is a file.' });
    const { host } = this.message.session;
    return new SessionMessage(this.message.folder, Message.from(this.part.bytes('utf-8'), { host }), {
      path: '',
      bytes: 0,
    });
  }

  *readFromFileSteps(path: string): Steps<void> {
    const file = this.message.session.host.mapPath(path);
    try {
      this.part.content = { kind: 'bytes', bytes: yield* ask('file.read', { path: file }) };
    } catch (failure) {
      throw fileError(failure, file);
    }
  }

  writeToFile(path: string): Promise<void> {
    return runAsync(this.writeToFileSteps(path), this.message.session.host.perform);
  }

  *writeToFileSteps(path: string): Steps<void> {
    const file = this.message.session.host.mapPath(path);
    const bytes = this.part.bytes(this.part.charset ?? 'utf-8');
    try {
      yield* ask('file.write', { path: file, bytes, existing: 'replace' });
    } catch (failure) {
      throw fileError(failure, file, 'ERROR_PATH_NOT_FOUND');
    }
  }

  delete(): void {
    this.part.detach();
  }
}

export class Attachments {
  readonly message: SessionMessage;
  readonly #known = new WeakMap<Part, Attachment>();

  constructor(message: SessionMessage) {
    this.message = message;
  }

  #parts(): readonly Part[] {
    return listAttachments(this.message.cdo.root);
  }

  get count(): number {
    return this.#parts().length;
  }

  item(index: number): Attachment {
    const part = this.#parts()[index - 1];
    if (part === undefined) throw new CdontsError('CdoE_NOT_FOUND', { source: SOURCE });
    return this.#of(part);
  }

  #of(part: Part): Attachment {
    let attachment = this.#known.get(part);
    if (attachment === undefined) {
      attachment = new Attachment(this.message, part);
      this.#known.set(part, attachment);
    }
    return attachment;
  }

  indexOf(attachment: Attachment): number {
    return this.#parts().indexOf(attachment.part) + 1;
  }

  /** A file by its path, or another message. */
  add(source: string | SessionMessage, name = ''): Promise<Attachment> {
    const type = typeof source === 'string' ? 1 : 4;
    const steps = this.addSteps({ name, type, source, contentLocation: '', contentBase: '' });
    return runAsync(steps, this.message.session.host.perform);
  }

  /** Type 1: a file by its path; 4: another message. */
  *addSteps(options: {
    readonly name: string;
    readonly type: number;
    readonly source: string | SessionMessage | undefined;
    readonly contentLocation: string;
    readonly contentBase: string;
  }): Steps<Attachment> {
    this.message.mustBeNew();
    const { name, type, source } = options;
    if (type !== 1 && type !== 4)
      throw new CdontsError('CdoE_INVALID_PARAMETER', {
        source: SOURCE,
        hint: 'The type is 1 (file) or 4 (message).',
      });
    if ((type === 4) !== source instanceof SessionMessage)
      throw new CdontsError('CdoE_INVALID_PARAMETER', {
        source: SOURCE,
        hint: 'Type 4 takes a message, type 1 a path.',
      });
    const part = addAttachmentPart(this.message.cdo.root);
    part.setDisposition('attachment');
    const attachment = this.#of(part);
    if (source instanceof SessionMessage) {
      part.setMediaType('message/rfc822');
      part.content = { kind: 'bytes', bytes: source.cdo.toBuffer() };
      if (name !== '') attachment.name = name;
    } else {
      const fileName = name !== '' ? name : ((source ?? '').split(/[\\/]/).at(-1) ?? '');
      part.setContentType(mediaTypeOf(fileName) ?? 'application/octet-stream');
      attachment.name = fileName;
      if (source !== undefined && source !== '') yield* attachment.readFromFileSteps(source);
    }
    if (options.contentLocation !== '') attachment.setHeader('Content-Location', options.contentLocation);
    if (options.contentBase !== '') attachment.setHeader('Content-Base', options.contentBase);
    return attachment;
  }

  deleteAll(): void {
    for (const part of [...this.#parts()]) part.detach();
  }

  *[Symbol.iterator](): Iterator<Attachment> {
    for (const part of [...this.#parts()]) yield this.#of(part);
  }
}

export class SessionMessage {
  readonly folder: Folder;
  /** The message behind it. */
  readonly cdo: Message;
  readonly recipients = new Recipients(this);
  readonly attachments = new Attachments(this);
  readonly #file: { readonly path: string; readonly bytes: number } | undefined;
  #state: 'usable' | 'sent' | 'deleted' = 'usable';
  #format: number | undefined;
  #importance: number | undefined;

  constructor(folder: Folder, cdo: Message, file?: { readonly path: string; readonly bytes: number }) {
    this.folder = folder;
    this.cdo = cdo;
    this.#file = file;
    if (file !== undefined) {
      this.recipients.adopt(mailboxesOf(parseAddressList(cdo.to)), 1);
      this.recipients.adopt(mailboxesOf(parseAddressList(cdo.cc)), 2);
    }
  }

  static compose(
    folder: Folder,
    initial: { readonly subject: string; readonly text: string; readonly importance: number },
  ): SessionMessage {
    const message = new SessionMessage(folder, new Message({ host: folder.session.host }));
    message.cdo.autoGenerateTextBody = false;
    message.subject = initial.subject;
    if (initial.text !== '') message.text = initial.text;
    message.importance = initial.importance;
    return message;
  }

  get session(): Session {
    return this.folder.session;
  }

  /** Every member's first question. */
  use(): void {
    if (this.#state !== 'usable')
      throw new CdontsError('CdoE_INVALID_OBJECT', {
        source: SOURCE,
        hint: `The message was ${this.#state}.`,
      });
  }

  mustBeNew(): void {
    this.use();
    if (this.#file !== undefined)
      throw new CdontsError('CdoE_NO_ACCESS', {
        source: SOURCE,
        hint: 'A received message cannot be changed.',
      });
  }

  get subject(): string {
    this.use();
    return this.cdo.subject;
  }
  set subject(subject: string) {
    this.mustBeNew();
    this.cdo.subject = subject;
  }

  get text(): string {
    this.use();
    return this.cdo.textBody;
  }
  set text(text: string) {
    this.mustBeNew();
    this.cdo.textBody = text;
  }

  get htmlText(): string {
    this.use();
    return this.cdo.htmlBody;
  }
  set htmlText(html: string) {
    this.mustBeNew();
    this.cdo.htmlBody = html;
  }

  /** 0 low, 1 normal, 2 high. */
  get importance(): number {
    this.use();
    if (this.#importance !== undefined) return this.#importance;
    const index = IMPORTANCE.indexOf((this.cdo.root.header.text('importance') ?? '').toLowerCase());
    return index < 0 ? 1 : index;
  }
  set importance(importance: number) {
    this.mustBeNew();
    if (importance !== 0 && importance !== 1 && importance !== 2)
      throw new CdontsError('CdoE_INVALID_PARAMETER', { source: SOURCE, hint: 'Importance is 0, 1 or 2.' });
    this.#importance = importance;
  }

  /** 0 MIME, 1 text; the session's unless set. */
  set messageFormat(format: number) {
    this.mustBeNew();
    if (format !== 0 && format !== 1)
      throw new CdontsError('CdoE_INVALID_PARAMETER', {
        source: SOURCE,
        hint: 'MessageFormat is 0 (MIME) or 1 (text).',
      });
    this.#format = format;
  }

  get sender(): AddressEntry {
    this.use();
    if (this.#file === undefined) {
      const { name, address } = this.session.identity();
      return new AddressEntry(this, name, address);
    }
    const [author] = mailboxesOf(parseAddressList(this.cdo.from || this.cdo.sender));
    return new AddressEntry(
      this,
      author?.displayName ?? '',
      author === undefined ? '' : formatMailbox(author.mailbox),
    );
  }

  /** In bytes. */
  get size(): number {
    this.use();
    return this.#file?.bytes ?? this.cdo.toBuffer().length;
  }

  get timeSent(): Date | undefined {
    this.use();
    return this.cdo.sentOn;
  }

  get timeReceived(): Date | undefined {
    this.use();
    return this.cdo.receivedTime ?? this.cdo.sentOn;
  }

  header(name: 'Content-Base' | 'Content-ID' | 'Content-Location'): string {
    this.use();
    return this.cdo.root.header.text(name) ?? '';
  }

  setHeader(name: 'Content-Base' | 'Content-ID' | 'Content-Location', value: string): void {
    this.mustBeNew();
    this.cdo.root.header.set(name, value, 'raw');
  }

  /** Hands the message over; the object is invalid afterwards. */
  send(): Promise<void> {
    return runAsync(this.sendSteps(), this.session.host.perform);
  }

  *sendSteps(): Steps<void> {
    this.mustBeNew();
    const { name, address } = this.session.identity();
    const { cdo } = this;
    cdo.from = addressText(name, address);
    cdo.to = this.recipients.list(1);
    cdo.cc = this.recipients.list(2);
    cdo.bcc = this.recipients.list(3);
    if (this.#importance !== undefined) setImportance(cdo, this.#importance);
    const format = this.#format ?? this.session.messageFormat;
    cdo.mimeFormatted = format === 0 || cdo.htmlBody !== '' || mustBeMime(cdo);
    setCharset(cdo, this.session.charset);
    yield* writeToPickup(cdo, this.session.places);
    this.#state = 'sent';
  }

  /** Removes a received message with its file; a new one is dropped. */
  delete(): Promise<void> {
    return runAsync(this.deleteSteps(), this.session.host.perform);
  }

  *deleteSteps(): Steps<void> {
    this.use();
    if (this.#file !== undefined && this.#file.path !== '') {
      try {
        yield* ask('file.delete', { path: this.#file.path });
      } catch (failure) {
        throw pickupError(failure, this.#file.path);
      }
      (yield* this.folder.messagesSteps()).forget(this);
    }
    this.#state = 'deleted';
  }
}
