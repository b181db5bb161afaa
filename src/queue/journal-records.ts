/**
 * What the journal says: a message was accepted, a message is finished; as JSON, one list per batch.
 * Owns: the text of both records, reading them back.  Leaves: bytes on the disk (journal-batch), what follows from them (journaled-store).
 * Drafts, recipients and results are JSON already and stand in the text as they are.
 */
import type { JournalBatch } from './journal-batch.ts';
import type { AcceptOp, CompleteOp } from './store.ts';

export type JournalRecord =
  | { readonly kind: 'accepted'; readonly op: AcceptOp }
  | {
      readonly kind: 'finished';
      readonly seq: number;
      readonly finishedAt: number;
      readonly results: string;
    };

/** A message with its body in memory. */
export type JournaledAccept = AcceptOp & { readonly body: Uint8Array };

export function acceptedText(op: JournaledAccept): string {
  let recipients = '';
  for (const { rid, domain, json } of op.recipients)
    recipients += `${recipients === '' ? '' : ','}[${rid},${JSON.stringify(domain)},${json}]`;
  return `{"seq":${op.seq},"id":"${op.id}","misplaced":${op.misplaced},"arrivedAt":${op.arrivedAt},"arrivedQ":${op.arrivedQ},"bytes":${op.bytes},"body":${op.body.length},"draft":${op.draft},"recipients":[${recipients}]}`;
}

export function finishedText(op: CompleteOp): string {
  return `{"finished":${op.seq},"at":${op.finishedAt},"results":${op.results}}`;
}

type AcceptedJson = {
  readonly seq: number;
  readonly id: string;
  readonly misplaced: boolean;
  readonly arrivedAt: number;
  readonly arrivedQ: number;
  readonly bytes: number;
  readonly body: number;
  readonly draft: unknown;
  readonly recipients: readonly (readonly [rid: number, domain: string, recipient: unknown])[];
};
type FinishedJson = { readonly finished: number; readonly at: number; readonly results: unknown };

/** The records of a batch whose checksum was right. `askFirst` is set: the database may know them already. */
export function readRecords({ text, bodies }: JournalBatch): JournalRecord[] {
  let at = 0;
  return (JSON.parse(text) as (AcceptedJson | FinishedJson)[]).map((json): JournalRecord => {
    if ('finished' in json)
      return {
        kind: 'finished',
        seq: json.finished,
        finishedAt: json.at,
        results: JSON.stringify(json.results),
      };
    const { body: bodyBytes, draft, recipients, ...plain } = json;
    const body = bodies.subarray(at, at + bodyBytes);
    at += bodyBytes;
    const op: AcceptOp = {
      op: 'accept',
      ...plain,
      askFirst: true,
      draft: JSON.stringify(draft),
      body,
      recipients: recipients.map(([rid, domain, recipient]) => ({
        rid,
        domain,
        json: JSON.stringify(recipient),
      })),
      due: null,
    };
    return { kind: 'accepted', op };
  });
}
