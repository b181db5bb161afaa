/**
 * The queue methods of the control interface, over the queues of all mailroots.
 * Owns: finding what a filter means, pages, the plain form of entries.  Leaves: orders themselves (queue), NDRs (outcome).
 */
import { RelayError } from '../base/index.ts';
import type {
  ControlApi,
  ControlCall,
  ControlMethods,
  FoundMessage,
  QueueEntry,
  QueueFilter,
} from '../control/index.ts';
import type {
  Claim,
  ListedMessage,
  MessageOrigin,
  QueueOperator,
  ShownMessage,
  QueueFilter as StoredFilter,
} from '../queue/index.ts';
import { headerText } from './header-text.ts';

/** What these methods need of one mailroot. */
export type QueueUnit = {
  readonly operator: QueueOperator;
  /** Settles a claim as failed by order of the operator, with an NDR to the sender. */
  returnToSender(claim: Claim): Promise<void>;
  /** Hosts that are left alone for a while are tried again at once. */
  onRetry(): void;
};

type Params<M extends keyof ControlApi> = ControlApi[M]['params'];

/** Messages that one step of an order takes. */
const STEP = 200;
/** Pieces of an exported message in one item. */
const EXPORT_PIECE_BYTES = 256 * 1024;

export function queueMethods(units: readonly QueueUnit[]): ControlMethods {
  return {
    'queue.list': async (params, call) => {
      const { filter, limit } = params as Params<'queue.list'>;
      let left = limit;
      for await (const { message } of matching(units, filter)) {
        if (left === 0) return { more: true };
        await call.send(toEntry(message));
        left -= 1;
      }
      return { more: false };
    },
    'queue.show': async (params) => {
      const { id } = params as Params<'queue.show'>;
      const shown = await find(units, id);
      return {
        entry: toEntry(shown.message),
        events: shown.message.recipients.flatMap(({ address, events }) =>
          events.map(({ at, text }) => ({ at, recipient: address, text })),
        ),
        header: await headerOf(shown.unit, id),
        isFinished: shown.message.place === 'history',
      };
    },
    'queue.find': async (params) => {
      const { messageId, pickupFile } = params as Params<'queue.find'>;
      return { messages: await findKnown(units, messageId?.replace(/^<|>$/g, ''), pickupFile) };
    },
    ...Object.fromEntries(
      (['retry', 'hold', 'release', 'delete'] as const).map((verb) => [`queue.${verb}`, order(units, verb)]),
    ),
    'queue.bounce': async (params, call) => {
      const { filter } = params as Params<'queue.bounce'>;
      return inSteps(units, filter, call, async ({ operator, returnToSender }, ids) => {
        const claims = await operator.claimForReturn(ids);
        await Promise.all(claims.map((claim) => returnToSender(claim)));
        return claims.length;
      });
    },
    'queue.export': async (params, call) => {
      const { id } = params as Params<'queue.export'>;
      const { unit } = await find(units, id);
      const exported = await unit.operator.export(id);
      if (exported === undefined)
        throw new RelayError('refused', `The message ${id} has left the queue; its content is gone.`);
      let bytes = 0;
      for await (const chunk of exported.chunks) {
        for (let at = 0; at < chunk.length; at += EXPORT_PIECE_BYTES) {
          await call.send({
            base64: Buffer.from(chunk.subarray(at, at + EXPORT_PIECE_BYTES)).toString('base64'),
          });
        }
        bytes += chunk.length;
      }
      return { bytes };
    },
    'queue.freeze': async () => {
      await Promise.all(units.map(({ operator }) => operator.freeze()));
    },
    'queue.thaw': async () => {
      await Promise.all(units.map(({ operator }) => operator.unfreeze()));
    },
  };
}

function order(units: readonly QueueUnit[], verb: 'retry' | 'hold' | 'release' | 'delete') {
  return (params: unknown, call: ControlCall): Promise<{ messages: number }> =>
    inSteps(units, (params as Params<'queue.retry'>).filter, call, async ({ operator, onRetry }, ids) => {
      if (verb === 'retry') onRetry();
      const { unknown } = await operator[verb](ids);
      return ids.length - unknown.length;
    });
}

/** Carries an order out in steps, so that the caller sees progress and a large queue is never held in memory. */
async function inSteps(
  units: readonly QueueUnit[],
  filter: QueueFilter,
  call: ControlCall,
  act: (unit: QueueUnit, ids: readonly string[]) => Promise<number>,
): Promise<{ messages: number }> {
  let messages = 0;
  const step = async (unit: QueueUnit, ids: readonly string[]): Promise<void> => {
    messages += await act(unit, ids);
    await call.send({ done: messages });
  };
  for (const unit of units) {
    // The ids are gathered first: an order changes what the filter finds.
    const ids: string[] = [];
    for await (const { message } of matching([unit], filter)) ids.push(message.id);
    for (let at = 0; at < ids.length; at += STEP) {
      if (call.signal.aborted) return { messages };
      await step(unit, ids.slice(at, at + STEP));
    }
  }
  if (messages === 0 && filter.ids !== undefined) {
    throw new RelayError(
      'refused',
      `The queue holds no message ${filter.ids.join(', ')}. 'mailroot queue list' shows what it holds.`,
    );
  }
  return { messages };
}

async function* matching(
  units: readonly QueueUnit[],
  filter: QueueFilter,
): AsyncGenerator<{ unit: QueueUnit; message: ListedMessage }> {
  const { ids, all: _all, state, ...conditions } = filter;
  const stored: StoredFilter = { ...conditions, ...(state !== undefined && { states: [state] }) };
  const isByIdAlone = ids !== undefined && Object.keys(stored).length === 0;
  for (const unit of units) {
    if (isByIdAlone) {
      for (const id of ids) {
        const message = await unit.operator.show(id);
        if (message?.place === 'queue') yield { unit, message };
      }
      continue;
    }
    const wanted = ids === undefined ? undefined : new Set(ids);
    let next: string | undefined;
    do {
      const page = await unit.operator.list({
        filter: stored,
        limit: 500,
        ...(next !== undefined && { next }),
      });
      for (const message of page.messages) if (wanted?.has(message.id) ?? true) yield { unit, message };
      next = page.next;
    } while (next !== undefined);
  }
}

async function find(
  units: readonly QueueUnit[],
  id: string,
): Promise<{ unit: QueueUnit; message: ShownMessage }> {
  for (const unit of units) {
    const message = await unit.operator.show(id);
    if (message !== undefined) return { unit, message };
  }
  throw new RelayError('refused', `There is no message ${id}, neither in the queue nor in the history.`);
}

/** Messages of one sender's making; more are cut off. */
const MOST_FOUND = 20;

/** By Message-ID, by name of the Pickup file, or both: the queue first, then the history from the newest on. */
async function findKnown(
  units: readonly QueueUnit[],
  messageId: string | undefined,
  pickupFile: string | undefined,
): Promise<readonly FoundMessage[]> {
  const text = messageId ?? pickupFile;
  if (text === undefined || text === '') return [];
  const file = pickupFile?.toLowerCase();
  const isMeant = ({ draft }: ListedMessage): boolean =>
    (messageId === undefined || draft.headerMessageId === messageId) &&
    (file === undefined || (draft.origin.kind === 'pickup' && draft.origin.fileName.toLowerCase() === file));
  const found: FoundMessage[] = [];
  for (const { operator } of units) {
    let next: string | undefined;
    do {
      const page = await operator.list({
        filter: { text },
        limit: 500,
        ...(next !== undefined && { next }),
      });
      for (const message of page.messages)
        if (isMeant(message) && found.length < MOST_FOUND)
          found.push({ entry: toEntry(message), isFinished: false });
      next = page.next;
    } while (next !== undefined && found.length < MOST_FOUND);
    do {
      const page = await operator.history({ text, limit: 500, ...(next !== undefined && { next }) });
      for (const message of page.messages)
        if (isMeant(message) && found.length < MOST_FOUND)
          found.push({ entry: toEntry(message), isFinished: true });
      next = page.next;
    } while (next !== undefined && found.length < MOST_FOUND);
  }
  return found;
}

/** The header fields of a queued message; empty for one that has left the queue. */
async function headerOf({ operator }: QueueUnit, id: string): Promise<string> {
  const exported = await operator.export(id);
  return exported === undefined ? '' : headerText(exported.chunks);
}

export function toEntry(message: ListedMessage): QueueEntry {
  const { id, arrivedAt, bytes, sender, draft, recipients } = message;
  return {
    id,
    server: draft.server,
    arrivedAt,
    bytes,
    sender: sender === '<>' ? sender : `<${sender}>`,
    ...(draft.subject !== undefined && { subject: draft.subject }),
    ...(draft.headerMessageId !== undefined && { headerMessageId: draft.headerMessageId }),
    origin: describeOrigin(draft.origin),
    recipients: recipients.map(({ address, state, attempts, nextAttemptAt, lastResult, isClaimed }) => ({
      address,
      state: isClaimed ? 'being delivered' : state,
      attempts,
      ...(nextAttemptAt !== undefined && { nextAttemptAt }),
      ...(lastResult !== undefined && { lastResult }),
    })),
  };
}

function describeOrigin(origin: MessageOrigin): string {
  switch (origin.kind) {
    case 'pickup':
      return `pickup ${origin.fileName}`;
    case 'smtp':
      return `smtp ${origin.clientAddress}${origin.identity === undefined ? '' : ` (${origin.identity})`}`;
    case 'report':
      return `report about ${origin.about}`;
    case 'command':
      return 'command';
  }
}
