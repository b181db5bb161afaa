/**
 * What a site needs of the page side: somebody who runs an order.
 * Owns: the port.  Leaves: threads (threads/), what pages do (page/).
 */
import type { ThreadServices } from '../../script/index.ts';
import type { PageOrder, PageOutcome, PagePiece } from '../contract.ts';

export type PageRunOptions = {
  /** Called with each piece in order. The promise, when one is given, holds the page back. */
  readonly onPiece: (piece: PagePiece) => void | Promise<void>;
  readonly services: ThreadServices;
  /** Aborted when the client has gone. */
  readonly signal?: AbortSignal;
};

export interface PageRunner {
  /** Never rejects for what a page does. */
  run(order: PageOrder, options: PageRunOptions): Promise<PageOutcome>;
}
