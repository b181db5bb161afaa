/** What crosses between the pool of page threads and a thread: an order without what the thread knows already. */
import type { PageOrder, PageOutcome, PagePiece, PageSite } from '../contract.ts';
import type { MailKeeping, SentMail } from '../page/page-outbox.ts';

export type WireOrder = Omit<PageOrder, 'site'> & {
  readonly siteName: string;
  /** Present when the thread has another version of the site, or none. */
  readonly site: PageSite | undefined;
  readonly mailKeeping: MailKeeping;
};

/** What comes while a page runs: parts of its answer, and mail it has sent. */
export type WirePiece = PagePiece | { readonly sent: SentMail };

/** What comes back: the trace as one text. */
export type WireOutcome = Omit<PageOutcome, 'trace'> & {
  readonly trace: string | undefined;
  /** A Send has flushed its mail before it returned. */
  readonly hasKeptMail?: boolean;
};
