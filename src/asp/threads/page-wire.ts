/** What crosses between the pool of page threads and a thread: an order without what the thread knows already. */
import type { PageOrder, PageOutcome, PageSite } from '../contract.ts';

export type WireOrder = Omit<PageOrder, 'site'> & {
  readonly siteName: string;
  /** Present when the thread has another version of the site, or none. */
  readonly site: PageSite | undefined;
};

/** What comes back: the trace as one text. */
export type WireOutcome = Omit<PageOutcome, 'trace'> & { readonly trace: string | undefined };
