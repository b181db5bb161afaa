/**
 * Mail that the pages of this thread have sent, from Send until it is durable.
 * Owns: when a page must wait for it: before anything of the page is seen outside.
 * Leaves: flushing (PageMail, in the main thread), writing the files (objects), the answer, which waits in the main thread too.
 * Fails: with MailLost, which no page can trap, when the disk did not keep what a Send had promised; each later effect fails so too.
 *
 * Objects of earlier pages (a session's) share it: it belongs to the thread, as a thread runs one page at a time.
 */
import type { SourcePosition } from '../../automation/index.ts';
import type { WrittenFile } from '../../base/index.ts';
import type { MailOutbox, WaitingMail } from '../../objects/index.ts';
import type { PageError } from '../contract.ts';
import { PageEnd } from '../intrinsics/exits.ts';

/** A message on its way to the main thread, with the place of its Send. */
export type SentMail = {
  readonly file: WrittenFile;
  readonly mail: WaitingMail;
  readonly at: { readonly file: string; readonly line: number };
};

/** Ends a page whose mail was lost: with the error that Send would have raised, at the line of the Send. */
export class MailLost extends PageEnd {
  override readonly name = 'MailLost';
  readonly error: PageError;

  constructor(error: PageError) {
    super('a message was lost');
    this.error = error;
  }
}

export type OutboxLine = {
  readonly send: (mail: SentMail) => void;
  /** Waits until all that was sent is durable. */
  readonly settle: () => PageError | undefined;
};

/** How mail is kept: before the page's answer leaves, or before Send returns. */
export type MailKeeping = 'before-answer' | 'before-return';

/** A page that sends a newsletter waits for the disk now and then, so that what waits has an end. */
const MOST_WAITING = 200;

export class PageOutbox implements MailOutbox {
  readonly #line: OutboxLine;
  #position: () => SourcePosition = () => ({ file: '', line: 0, column: 0 });
  #keeping: MailKeeping = 'before-return';
  #waiting = 0;
  #lost: PageError | undefined;
  #hasKept = false;

  constructor(line: OutboxLine) {
    this.#line = line;
  }

  /** A page begins. */
  begin(keeping: MailKeeping, position: () => SourcePosition): void {
    this.#keeping = keeping;
    this.#position = position;
    this.#waiting = 0;
    this.#lost = undefined;
    this.#hasKept = false;
  }

  /** The page has ended; the answer is whether a Send made its mail durable by itself. */
  end(): boolean {
    this.#keeping = 'before-return';
    return this.#hasKept;
  }

  get isOpen(): boolean {
    return this.#keeping === 'before-answer';
  }

  take(file: WrittenFile, mail: WaitingMail): void {
    const { file: page, line } = this.#position();
    this.#waiting += 1;
    this.#line.send({ file, mail, at: { file: page, line } });
    if (this.#waiting >= MOST_WAITING) this.settle();
  }

  kept(): void {
    this.#hasKept = true;
  }

  /** Something that is seen outside is about to happen: what was sent before is made durable first. */
  settle(): void {
    if (this.#waiting > 0) {
      this.#waiting = 0;
      this.#lost = this.#line.settle();
    }
    if (this.#lost !== undefined) throw new MailLost(this.#lost);
  }

  /** From here on each Send of the page flushes before it returns. */
  close(): void {
    this.settle();
    this.#keeping = 'before-return';
  }
}
