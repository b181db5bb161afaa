/**
 * The mail of one request, in the main thread: from a page's Send until the disk has it.
 * Owns: handing each message to the group at once, what became of them, the error that a lost one is told with.
 * Leaves: flushing (GroupCommit), holding the answer back (page-pool).
 * Fails: never; a failure is a result.
 */
import { type GroupCommit, systemErrorCode } from '../../base/index.ts';
import { mailFailure } from '../../objects/index.ts';
import type { LostMail, PageError } from '../contract.ts';
import type { SentMail } from '../page/page-outbox.ts';

export type MailResult = { readonly error: PageError; readonly lost: readonly LostMail[] };

export class PageMail {
  readonly #group: GroupCommit;
  #ends: Promise<void>[] = [];
  #error: PageError | undefined;
  readonly #lost: LostMail[] = [];

  constructor(group: GroupCommit) {
    this.#group = group;
  }

  get isEmpty(): boolean {
    return this.#ends.length === 0 && this.#error === undefined;
  }

  /** Begins to make it durable: nobody minds when that is earlier than it must be. */
  take(sent: SentMail): void {
    this.#ends.push(
      this.#group.commit(sent.file).then((failure) => {
        if (failure !== undefined) this.#lose(sent, failure);
      }),
    );
  }

  /** Waits for all that was taken; the first loss, when there was one. */
  async settle(): Promise<MailResult | undefined> {
    const ends = this.#ends;
    this.#ends = [];
    await Promise.all(ends);
    return this.#error && { error: this.#error, lost: this.#lost };
  }

  #lose({ file: { name }, mail: { by, folder }, at }: SentMail, failure: Error): void {
    this.#lost.push({ ...at, folder, name, reason: systemErrorCode(failure) ?? failure.message });
    const { hresult, source, message } = mailFailure(by, failure, folder);
    this.#error ??= {
      aspCode: '',
      number: hresult,
      category: source,
      description: message,
      aspDescription: '',
      ...at,
      column: -1,
      source: '',
    };
  }
}
