/**
 * The history record: what became of each recipient of a finished message, as JSON text.
 * Owns: the one form of `results`.  Leaves: keeping it (store).
 */
import { formatMailbox, type Recipient } from '../envelope/index.ts';
import { type EventRow, type HistoryRecipient, RECIPIENT_STATES, type RecipientRow } from './store.ts';

/** `finishedAt` dates recipients that have no event of their own. */
export function historyResults(
  recipients: readonly RecipientRow[],
  events: readonly EventRow[],
  finishedAt: number,
): string {
  const results: HistoryRecipient[] = recipients.map((row) => {
    const own = events.filter((event) => event.rid === row.rid);
    return {
      address: formatMailbox((JSON.parse(row.json) as Recipient).forwardPath),
      state: RECIPIENT_STATES[row.state]!,
      attempts: row.attempts,
      at: own.at(-1)?.at ?? finishedAt,
      result: row.lastResult ?? '',
      ...(own.length > 0 && { events: own.map(({ at, text }) => ({ at, text })) }),
    };
  });
  return JSON.stringify(results);
}
