/**
 * Message: composing, sending, opening, saving and answering a message.
 * Owns: the members.  Leaves: the tree (structure.ts), writing (print-message.ts), sending (send.ts), fetching (attach.ts,
 * mhtml.ts), answering (response.ts).
 * Fails: CdoError with the original's number and text.
 * Sources: reference A1.1, A1.2, A5, A6.
 */
import { parseDateTime } from '../message/index.ts';
import { normalAddresses } from './addresses.ts';
import { type AttachmentSource, addAttachmentSteps, addRelatedSteps, attachContent } from './attach.ts';
import { BodyPart, BodyParts, type PartContext } from './body-part.ts';
import { Configuration, type ConfigurationSettings } from './configuration.ts';
import { DataSource } from './data-source.ts';
import { envelopeFields, type SinkEnvelope } from './envelope-fields.ts';
import { CdoError } from './errors.ts';
import type { Fields } from './fields.ts';
import { textFromHtml } from './generated-text.ts';
import type { CdoHost } from './host.ts';
import { createMhtmlSteps, type MhtmlFlags } from './mhtml.ts';
import { clearPart, openMessage } from './open-message.ts';
import { Part } from './part.ts';
import { receivedTime } from './part-fields.ts';
import { printMessage } from './print-message.ts';
import { forward, postReply, reply, replyAll } from './response.ts';
import { postSteps, sendSteps } from './send.ts';
import { standardHost } from './standard-host.ts';
import { runAsync, type Steps } from './steps.ts';
import { AD_TYPE_TEXT, Stream } from './stream.ts';
import { addAttachmentPart, ensureBody, findBody, listAttachments, removeBody } from './structure.ts';
import { uuencodedForm } from './uuencoded-form.ts';

export type MessageOptions = {
  /** Ports and profile; a host for this machine in the standards profile when absent. */
  readonly host?: CdoHost;
  readonly configuration?: Configuration | ConfigurationSettings;
  readonly from?: string;
  readonly sender?: string;
  readonly to?: string;
  readonly cc?: string;
  readonly bcc?: string;
  readonly replyTo?: string;
  readonly subject?: string;
  readonly textBody?: string;
  readonly htmlBody?: string;
  /** The envelope and write-back of a message inside a transport sink. */
  readonly sink?: SinkEnvelope;
};

/** CdoDSNOptions: a sum of never 1, failure 2, success 4, delay 8; 0 leaves it to the servers. */
export type DsnOptions = number;

export class Message {
  readonly host: CdoHost;
  /** The message itself as a part. Use `bodyPart` from programs. */
  readonly root = new Part();
  readonly #context: PartContext;
  readonly #bodyParts = new WeakMap<Part, BodyPart>();
  readonly #envelope: Fields | undefined;
  #configuration: Configuration | undefined;
  #attachments: BodyParts | undefined;
  #dataSource: DataSource | undefined;
  #autoGenerateTextBody = true;
  #mimeFormatted = true;
  #dsnOptions: DsnOptions = 0;
  #mdnRequested = false;

  constructor(options: MessageOptions = {}) {
    const { configuration } = options;
    this.host =
      options.host ?? (configuration instanceof Configuration ? configuration.host : standardHost());
    if (configuration instanceof Configuration) this.#configuration = configuration;
    else if (configuration !== undefined) this.#configuration = new Configuration(this.host, configuration);
    this.#envelope = options.sink === undefined ? undefined : envelopeFields(options.sink);
    this.#context = {
      host: this.host,
      root: this.root,
      bodies: this,
      rootDataSource: () => this.dataSource,
      bodyPart: (part) => this.#bodyPartOf(part),
    };
    for (const property of INITIAL_PROPERTIES) {
      const value = options[property];
      if (value !== undefined) this[property] = value;
    }
  }

  #bodyPartOf(part: Part): BodyPart {
    let bodyPart = this.#bodyParts.get(part);
    if (bodyPart === undefined) {
      bodyPart = new BodyPart(part, this.#context);
      this.#bodyParts.set(part, bodyPart);
    }
    return bodyPart;
  }

  // ── Header properties ────────────────────────────────────────────────────────────────────────────────────────────

  #text(header: string): string {
    return this.root.header.text(header) ?? '';
  }

  #setText(header: string, value: string): void {
    this.root.header.set(header, value, 'text');
  }

  /** Of an opened message the list is taken apart before names are decoded: a name can never become an address. */
  #addresses(header: string): string {
    const entry = this.root.header.entry(header);
    if (entry === undefined) return '';
    return entry.form === 'text' ? entry.value : normalAddresses(entry.value, this.host.profile);
  }

  /** Assigned lists are put into their normal form: a trailing comma goes, semicolons become commas. */
  #setAddresses(header: string, value: string): void {
    this.root.header.set(header, normalAddresses(value, this.host.profile), 'text');
  }

  get from(): string {
    return this.#addresses('From');
  }
  set from(value: string) {
    this.#setAddresses('From', value);
  }

  get sender(): string {
    return this.#addresses('Sender');
  }
  set sender(value: string) {
    this.#setAddresses('Sender', value);
  }

  get to(): string {
    return this.#addresses('To');
  }
  set to(value: string) {
    this.#setAddresses('To', value);
  }

  get cc(): string {
    return this.#addresses('Cc');
  }
  set cc(value: string) {
    this.#setAddresses('Cc', value);
  }

  /** Recipients of the envelope alone: never written into the message. */
  get bcc(): string {
    return this.#addresses('Bcc');
  }
  set bcc(value: string) {
    this.#setAddresses('Bcc', value);
  }

  get replyTo(): string {
    return this.#addresses('Reply-To');
  }
  set replyTo(value: string) {
    this.#setAddresses('Reply-To', value);
  }

  get subject(): string {
    return this.#text('Subject');
  }
  set subject(value: string) {
    this.#setText('Subject', value);
  }

  get keywords(): string {
    return this.#text('Keywords');
  }
  set keywords(value: string) {
    this.#setText('Keywords', value);
  }

  get newsgroups(): string {
    return this.#text('Newsgroups');
  }
  set newsgroups(value: string) {
    this.#setText('Newsgroups', value);
  }

  get followUpTo(): string {
    return this.#text('Followup-To');
  }
  set followUpTo(value: string) {
    this.#setText('Followup-To', value);
  }

  get organization(): string {
    return this.#text('Organization');
  }
  set organization(value: string) {
    this.#setText('Organization', value);
  }

  /** The Date field; undefined while the message has none. */
  get sentOn(): Date | undefined {
    const read = parseDateTime(this.#text('Date'));
    return read === undefined ? undefined : new Date(read.atMs);
  }

  /** When the newest Received field was written; undefined without one. */
  get receivedTime(): Date | undefined {
    return receivedTime(this.root);
  }

  // ── Bodies ───────────────────────────────────────────────────────────────────────────────────────────────────────

  get textBody(): string {
    return findBody(this.root, 'text/plain')?.text(this.host.ansiCharset) ?? '';
  }

  /** Makes or replaces the text; from now on HTML does not overwrite it. */
  set textBody(text: string) {
    this.#autoGenerateTextBody = false;
    this.#setBody('text/plain', text, false);
  }

  get htmlBody(): string {
    return findBody(this.root, 'text/html')?.text(this.host.ansiCharset) ?? '';
  }

  /** Makes or replaces the HTML, and the text with it while `autoGenerateTextBody` is on. */
  set htmlBody(html: string) {
    this.#mimeFormatted = true;
    this.#setBody('text/html', html, false);
    if (this.#autoGenerateTextBody) {
      this.#setBody('text/plain', textFromHtml(html, this.host.profile), true);
    }
  }

  #setBody(kind: 'text/plain' | 'text/html', text: string, isGenerated: boolean): void {
    const body = ensureBody(this.root, kind);
    body.content = { kind: 'text', text: text.replace(/\r\n|\r|\n/g, '\r\n') };
    body.isGenerated = isGenerated;
  }

  get autoGenerateTextBody(): boolean {
    return this.#autoGenerateTextBody;
  }
  set autoGenerateTextBody(value: boolean) {
    this.#autoGenerateTextBody = value;
  }

  /** False: sent without MIME, attachments uuencoded in the text, HTML left out. */
  get mimeFormatted(): boolean {
    return this.#mimeFormatted;
  }
  set mimeFormatted(value: boolean) {
    this.#mimeFormatted = value;
  }

  /** The text body's part; undefined while there is none. */
  get textBodyPart(): BodyPart | undefined {
    const part = findBody(this.root, 'text/plain');
    return part && this.#bodyPartOf(part);
  }

  get htmlBodyPart(): BodyPart | undefined {
    const part = findBody(this.root, 'text/html');
    return part && this.#bodyPartOf(part);
  }

  /** The message as its own root part. Its charset is that of encoded header words. */
  get bodyPart(): BodyPart {
    return this.#bodyPartOf(this.root);
  }

  /** The attachments, live, one-based. */
  get attachments(): BodyParts {
    this.#attachments ??= new BodyParts(this.#context, {
      list: () => listAttachments(this.root),
      add: (index) => {
        const part = addAttachmentPart(this.root, index < 1 ? undefined : index - 1);
        part.setDisposition('attachment');
        return part;
      },
    });
    return this.#attachments;
  }

  get contentClass(): string {
    return this.bodyPart.contentClass;
  }
  set contentClass(value: string) {
    this.bodyPart.contentClass = value;
  }

  get fields(): Fields {
    return this.bodyPart.fields;
  }

  // ── Settings ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Shared, not copied, when assigned; made from the local service's defaults when first asked for. */
  get configuration(): Configuration {
    this.#configuration ??= new Configuration(this.host);
    return this.#configuration;
  }
  set configuration(configuration: Configuration) {
    this.#configuration = configuration;
  }

  get dsnOptions(): DsnOptions {
    return this.#dsnOptions;
  }
  set dsnOptions(options: DsnOptions) {
    if (!Number.isInteger(options) || options < 0 || options > 15)
      throw new CdoError('E_INVALIDARG', { hint: `DSNOptions is a sum of 1, 2, 4 and 8, not ${options}.` });
    this.#dsnOptions = options;
  }

  /** Asks readers' programs for a receipt to the From address. */
  get mdnRequested(): boolean {
    return this.#mdnRequested || this.root.header.has('Disposition-Notification-To');
  }
  set mdnRequested(value: boolean) {
    this.#mdnRequested = value;
    if (!value) this.root.header.delete('Disposition-Notification-To');
  }

  /** The envelope; only of a message inside a transport sink. */
  get envelopeFields(): Fields {
    if (this.#envelope === undefined)
      throw new CdoError('CDO_E_NOT_AVAILABLE', {
        hint: 'EnvelopeFields exist inside a transport event sink only.',
      });
    return this.#envelope;
  }

  get dataSource(): DataSource {
    this.#dataSource ??= new DataSource(this);
    return this.#dataSource;
  }

  // ── Methods ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Sends by the configuration. The message stays as it is and can be sent again. */
  send(): Promise<void> {
    return runAsync(this.sendSteps(), this.host.perform);
  }

  sendSteps(): Steps<void> {
    return sendSteps(this);
  }

  /** Posts to the newsgroups. */
  post(): Promise<void> {
    return runAsync(this.postSteps(), this.host.perform);
  }

  postSteps(): Steps<void> {
    return postSteps(this);
  }

  /**
   * Adds an attachment: a path or URL, which is read now, or content with a name.
   *
   *     await message.addAttachment('/srv/reports/june.pdf');
   *     await message.addAttachment({ content: createReadStream('x.bin'), fileName: 'x.bin' });
   */
  async addAttachment(
    source: string | AttachmentSource,
    user?: string,
    password?: string,
  ): Promise<BodyPart> {
    if (typeof source === 'string') {
      return runAsync(this.addAttachmentSteps(source, user, password), this.host.perform);
    }
    return this.#bodyPartOf(await attachContent(this.root, source));
  }

  *addAttachmentSteps(url: string, user?: string, password?: string): Steps<BodyPart> {
    return this.#bodyPartOf(yield* addAttachmentSteps(this, url, user, password));
  }

  /** Adds a resource for the HTML body, to be referred to as `cid:reference` (or by its location). */
  addRelatedBodyPart(
    url: string,
    reference: string,
    referenceType: 'id' | 'location' = 'id',
    user?: string,
    password?: string,
  ): Promise<BodyPart> {
    return runAsync(
      this.addRelatedBodyPartSteps(url, reference, referenceType, user, password),
      this.host.perform,
    );
  }

  *addRelatedBodyPartSteps(
    url: string,
    reference: string,
    referenceType: 'id' | 'location',
    user?: string,
    password?: string,
  ): Steps<BodyPart> {
    this.#mimeFormatted = true;
    return this.#bodyPartOf(yield* addRelatedSteps(this, { url, reference, referenceType, user, password }));
  }

  /** Takes a page with its resources as the HTML body. `flags` is a sum of CdoMHTMLFlags. */
  createMhtmlBody(url: string, flags: MhtmlFlags = 0, user?: string, password?: string): Promise<void> {
    return runAsync(this.createMhtmlBodySteps(url, flags, user, password), this.host.perform);
  }

  createMhtmlBodySteps(url: string, flags: MhtmlFlags = 0, user?: string, password?: string): Steps<void> {
    return createMhtmlSteps(this, { url, flags, user, password });
  }

  reply(): Message {
    return reply(this);
  }

  replyAll(): Message {
    return replyAll(this);
  }

  forward(): Message {
    return forward(this);
  }

  postReply(): Message {
    return postReply(this);
  }

  /** The message's text as it would be sent now. Flush reads it back. */
  getStream(): Stream {
    return new Stream({
      origin: {
        bytes: this.toBuffer(),
        charset: 'us-ascii',
        type: AD_TYPE_TEXT,
        commit: (bytes) => this.open(bytes),
      },
      files: this.host,
    });
  }

  // ── Bytes ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Makes waiting field values count, where the host is tolerant about Update. */
  settle(): void {
    this.configuration.settle();
    if (this.host.updates === 'strict') return;
    for (const part of this.root.walk()) {
      const bodyPart = this.#bodyParts.get(part);
      if (bodyPart?.hasPendingFields === true) bodyPart.fields.update();
    }
  }

  /** The message as it is written now: new Date and Message-ID each time, unless the program has set them. */
  toChunks(host: CdoHost = this.host, purpose: 'save' | 'send' = 'save'): Buffer[] {
    this.settle();
    const root = this.#mimeFormatted ? this.root : uuencodedForm(this.root, host);
    return printMessage(root, {
      host,
      promote: this.configuration.boolean('autopromotebodyparts'),
      mime: this.#mimeFormatted,
      withoutEnvelopeLines: purpose === 'send',
      ...(this.#mdnRequested && this.from !== '' && { receiptTo: this.from }),
    });
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.toChunks());
  }

  /** Replaces everything by the message in `bytes`. */
  open(bytes: Uint8Array): void {
    clearPart(this.root);
    const isMime = openMessage(this.root, Buffer.from(bytes));
    this.#autoGenerateTextBody = false;
    this.#mimeFormatted = isMime || !this.root.isMultipart;
    this.#mdnRequested = false;
  }

  /** A message read from bytes. */
  static from(bytes: Uint8Array, options: MessageOptions = {}): Message {
    const message = new Message(options);
    message.open(bytes);
    return message;
  }

  /** Removes a body; used by forms of the message that cannot carry it. */
  removeBody(kind: 'text/plain' | 'text/html'): void {
    removeBody(this.root, kind);
  }
}

const INITIAL_PROPERTIES = [
  'from',
  'sender',
  'to',
  'cc',
  'bcc',
  'replyTo',
  'subject',
  'htmlBody',
  'textBody',
] as const;
