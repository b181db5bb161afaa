/**
 * A job: those recipients of one claim that go to one next hop together.
 * Owns: the job and the hosts it may go to.  Leaves: who takes it (hop), what its end means (outcome).
 */
import { domainKey, type ReversePath } from '../envelope/index.ts';
import type { Claim, QueuedRecipient } from '../queue/index.ts';
import type { MailHost, NextHop } from '../routing/index.ts';
import type { AttemptFailure, OutgoingBody, RecipientReport } from '../smtp/index.ts';

export type Job = {
  readonly claim: Claim;
  readonly recipients: readonly QueuedRecipient[];
  /** What MAIL FROM says: the message's own, or the masqueraded one. */
  readonly reversePath: ReversePath;
  /** Index of the first candidate that may take it: earlier ones have had it. */
  readonly from: number;
  /** What those earlier ones answered, by recipient. */
  readonly answers?: ReadonlyMap<number, AttemptFailure>;
  /** How often it was begun on a connection that turned out to be dead. */
  readonly restarts: number;
  /** The body re-encoded for hosts without 8BITMIME, once somebody needed it. */
  readonly sevenBit?: OutgoingBody;
};

/** The same job for some of its recipients. */
export function part(job: Job, recipientIds: readonly number[]): Job {
  const chosen = new Set(recipientIds);
  return { ...job, recipients: job.recipients.filter(({ recipientId }) => chosen.has(recipientId)) };
}

/** The failure for all recipients of the job; what an earlier host said in words tells more than a later one's silence. */
export function failuresOf(job: Job, failure: AttemptFailure): readonly RecipientReport[] {
  return job.recipients.map(({ recipientId }) => {
    const answer = failure.problem === 'rejected' ? undefined : job.answers?.get(recipientId);
    return { recipientId, accepted: false, failure: answer ?? failure };
  });
}

export function domainOf(recipient: QueuedRecipient): string {
  return domainKey(recipient.forwardPath.domain);
}

/** One address of one host of a next hop. */
export type Candidate = {
  readonly host: MailHost;
  readonly address: string;
  /** Index of the first candidate of the next host; the number of candidates when there is none. */
  readonly nextHost: number;
};

/** All addresses of all hosts in the order to try. */
export function candidatesOf(nextHop: NextHop): readonly Candidate[] {
  const candidates: Candidate[] = [];
  for (const host of nextHop.hosts) {
    const nextHost = candidates.length + host.addresses.length;
    for (const address of host.addresses) candidates.push({ host, address, nextHost });
  }
  return candidates;
}

/** A first-in first-out line without the cost of shifting an array. */
export class Line<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Puts `item` where `shift` takes from. */
  unshift(item: T): void {
    if (this.#head > 0) this.#items[--this.#head] = item;
    else this.#items.unshift(item);
  }

  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Empties the line. */
  drain(): T[] {
    const rest = this.#items.slice(this.#head) as T[];
    this.#items = [];
    this.#head = 0;
    return rest;
  }
}
