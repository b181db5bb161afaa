/**
 * DataSource: opening a message from and saving it into other objects.
 * Owns: the binding and its members.  Leaves: bytes of messages (message.ts), streams (stream.ts).
 * Sources: reference A6.2.
 */
import type { BodyPart } from './body-part.ts';
import { CdoError } from './errors.ts';
import type { CdoHost } from './host.ts';
import type { Message } from './message.ts';
import { Stream } from './stream.ts';

/** Objects that a message can be bound to. */
export type DataObject = Stream | Message | BodyPart;

export type InterfaceName = '_Stream' | 'IStream' | 'IMessage' | 'IBodyPart';

const INTERFACES: readonly string[] = ['_stream', 'istream', 'imessage', 'ibodypart', 'idatasource'];

/** What a data source belongs to: a message, or one of its parts. */
export type Bound = {
  readonly host: CdoHost;
  /** Replaces the content by what the bytes say. */
  open(bytes: Uint8Array): void;
  toBuffer(): Buffer;
  toChunks(host: CdoHost): Buffer[];
};

export class DataSource {
  readonly #message: Bound;
  /** The object programs know; binding to itself is refused. */
  readonly #self: object;
  #source: DataObject | undefined;
  #sourceClass = '';
  #savedPrint = '';
  /** Where Save writes for a message that came from outside the objects, like one in a transport sink. */
  #save: ((bytes: Buffer) => void) | undefined;

  constructor(message: Bound, self: object = message) {
    this.#message = message;
    this.#self = self;
  }

  /** Replaces the message by what the object holds, and binds it: `save` writes back there. */
  openObject(source: DataObject, interfaceName: string): void {
    checkInterface(interfaceName);
    if (source === this.#self) throw new CdoError('CDO_E_SELF_BINDING');
    this.#message.open(bytesOf(source));
    this.#bind(source, interfaceName);
  }

  /** Writes the message into the object, and binds it. */
  saveToObject(target: DataObject, interfaceName: string): void {
    checkInterface(interfaceName);
    if (target === this.#self) throw new CdoError('CDO_E_SELF_BINDING');
    writeTo(target, this.#message.toBuffer());
    this.#bind(target, interfaceName);
  }

  /** Writes the message to the object it is bound to. */
  save(): void {
    if (this.#save !== undefined) this.#save(this.#message.toBuffer());
    else if (this.#source !== undefined) writeTo(this.#source, this.#message.toBuffer());
    else
      throw new CdoError('CDO_E_NOT_OPENED', { hint: 'Save needs an earlier OpenObject or SaveToObject.' });
    this.#savedPrint = fingerprint(this.#message);
  }

  /** Reserved by the original for URLs of Exchange; never available here. */
  open(): never {
    throw new CdoError('E_NOTIMPL', { hint: 'Use OpenObject with a stream.' });
  }

  saveTo(): never {
    throw new CdoError('E_NOTIMPL', { hint: 'Use SaveToObject with a stream.' });
  }

  saveToContainer(): never {
    throw new CdoError('E_NOTIMPL', { hint: 'Use SaveToObject with a stream.' });
  }

  /** Binds to the place a transport sink's message is kept at. */
  bindTo(save: (bytes: Buffer) => void): void {
    this.#save = save;
    this.#savedPrint = fingerprint(this.#message);
  }

  get source(): DataObject | undefined {
    return this.#source;
  }

  get sourceClass(): string {
    return this.#sourceClass;
  }

  get sourceUrl(): string {
    return '';
  }

  /** True when the message differs from what was opened or saved last. */
  get isDirty(): boolean {
    return fingerprint(this.#message) !== this.#savedPrint;
  }

  #bind(object: DataObject, interfaceName: string): void {
    this.#source = object;
    this.#sourceClass = interfaceName;
    this.#savedPrint = fingerprint(this.#message);
  }
}

function checkInterface(name: string): void {
  if (!INTERFACES.includes(name.toLowerCase()))
    throw new CdoError('CDO_E_UNSUPPORTED_DATASOURCE', {
      hint: `'${name}' is none of _Stream, IStream, IMessage, IBodyPart.`,
    });
}

function bytesOf(source: DataObject): Buffer {
  // KB 813252: a stream in Unicode hides the header from the parser; all of it is text then, as in the original.
  if (source instanceof Stream) return source.content();
  if ('toBuffer' in source) return source.toBuffer();
  return source.contentMediaType === 'message/rfc822' ? source.content() : source.toBytes();
}

function writeTo(target: DataObject, bytes: Buffer): void {
  if (target instanceof Stream) {
    target.position = 0;
    target.setEos();
    target.writeBytes(bytes);
    target.position = 0;
  } else if ('toBuffer' in target) target.open(bytes);
  else {
    target.part.setContentType('message/rfc822');
    target.setContent(bytes);
  }
}

/** The message with everything accidental taken out: equal for equal messages. */
function fingerprint(message: Bound): string {
  const still: CdoHost = {
    ...message.host,
    now: () => 0,
    randomBytes: (count) => Buffer.alloc(count),
    nextCount: () => 0,
  };
  return Buffer.concat(message.toChunks(still)).toString('latin1');
}
