/**
 * One message while its content arrives: reader, sink and the first thing wrong with it.
 * Owns: the way of the bytes from the wire to the sink, the size limit.  Leaves: states and replies (session, step).
 * Fails: a problem is kept, the sink is told to abort at once, and what still comes is swallowed.
 * Invariant: exactly one of `end` and `abort` reaches the receiver.
 */
import {
  ChunkReader,
  type ContentFault,
  type DataProgress,
  type DataReader,
} from '../protocol/data-reader.ts';
import type { EndReply, MessageReceiver } from './contract.ts';
import type { ContentProblem, Transaction } from './state.ts';

export type ReceptionParts = {
  readonly tx: Transaction;
  readonly receiver: MessageReceiver;
  /** Undefined for BINARYMIME: any byte is content. */
  readonly reader: DataReader | ChunkReader | undefined;
  /** Octets of content, 0 for unlimited. */
  readonly maxBytes: number;
  /** The sink asks for a pause until this resolves. */
  readonly onBusy: (until: Promise<void>) => void;
};

export class Reception {
  readonly tx: Transaction;
  problem: ContentProblem | undefined;
  /** Octets of content so far. */
  contentBytes = 0;
  /** Octets read from the wire: dots of transparency and refused content included. */
  octets = 0;
  /** How much of the last chunk given to `readData` belongs to the message. */
  used = 0;
  #receiver: MessageReceiver | undefined;
  readonly #reader: DataReader | ChunkReader | undefined;
  readonly #maxBytes: number;
  readonly #onBusy: (until: Promise<void>) => void;

  constructor({ tx, receiver, reader, maxBytes, onBusy }: ReceptionParts) {
    this.tx = tx;
    this.#receiver = receiver;
    this.#reader = reader;
    this.#maxBytes = maxBytes;
    this.#onBusy = onBusy;
  }

  /** Content after DATA; `used` tells what of the chunk was taken. */
  readData(chunk: Buffer): DataProgress {
    const reader = this.#reader as DataReader;
    const progress = reader.read(chunk, this.#receive);
    this.used = reader.used;
    this.#account(reader.used, reader.fault);
    return progress;
  }

  /** Octets of a BDAT chunk. */
  readChunk(bytes: Buffer): void {
    if (this.#reader === undefined) this.#receive(bytes);
    else this.#reader.read(bytes, this.#receive);
    this.#account(bytes.length, this.#reader?.fault);
  }

  /** The last chunk is over. */
  finishChunks(): void {
    if (!(this.#reader instanceof ChunkReader)) return;
    this.#reader.finish(this.#receive);
    this.#account(0, this.#reader.fault);
  }

  end(): Promise<EndReply> {
    const receiver = this.#receiver!;
    this.#receiver = undefined;
    return receiver.end();
  }

  abort(): void {
    this.#receiver?.abort();
    this.#receiver = undefined;
  }

  readonly #receive = (content: Buffer): void => {
    this.contentBytes += content.length;
    if (this.#maxBytes > 0 && this.contentBytes > this.#maxBytes) this.#refuse('too-big');
    const busy = this.#receiver?.write(content);
    if (busy !== undefined) this.#onBusy(busy);
  };

  #account(octets: number, fault: ContentFault | undefined): void {
    this.octets += octets;
    if (fault !== undefined) this.#refuse(fault);
  }

  #refuse(problem: ContentProblem): void {
    this.problem ??= problem;
    this.abort();
  }
}
