/**
 * What is being delivered: messages with claimed recipients.
 * Owns: that a recipient is claimed by one attempt at a time, and settled once for each claim (Q4).
 * Leaves: handing out claims, writing settlements (queue).
 * Fails: RelayError 'internal', which is a defect of the caller; nothing is changed then.
 */
import { RelayError, TransientMap } from '../base/index.ts';
import type { QueuedRecipient, Settlement } from './contract.ts';
import type { Settled } from './settlement.ts';

/** A message as its claim knows it. */
type Facts = {
  readonly seq: number;
  readonly firstRid: number;
  readonly recipientCount: number;
  readonly bytes: number;
  readonly hasFile: boolean;
  readonly server: string;
  /** All recipients in one claim that never was anywhere but in the window: their end needs no look at the rows. */
  readonly isWhole: boolean;
};

type Active = Facts & {
  isWhole: boolean;
  /** Handed out and not settled yet. */
  readonly claimed: Map<number, QueuedRecipient>;
  /** Settled, not yet on the disk. */
  readonly settling: Set<number>;
};

export class ActiveMessages {
  readonly #messages = new TransientMap<string, Active>();
  #claimedCount = 0;

  /** Recipients claimed, those being settled among them. */
  get claimedCount(): number {
    return this.#claimedCount;
  }

  /** Recipients of this message that an attempt works on. */
  busyRids(id: string): readonly number[] {
    const active = this.#messages.get(id);
    return active === undefined ? [] : [...active.claimed.keys(), ...active.settling];
  }

  claim(id: string, facts: Facts & { readonly recipients: readonly QueuedRecipient[] }): void {
    const { recipients, ...rest } = facts;
    this.#claimedCount += recipients.length;
    const active = this.#messages.get(id);
    if (active === undefined) {
      const claimed = new Map(recipients.map((recipient) => [recipient.recipientId, recipient]));
      this.#messages.set(id, { ...rest, claimed, settling: new Set() });
      return;
    }
    for (const recipient of recipients) {
      if (active.claimed.has(recipient.recipientId) || active.settling.has(recipient.recipientId))
        throw new RelayError(
          'internal',
          `Recipient ${recipient.recipientId} of ${id} was claimed twice (Q4).`,
        );
      active.claimed.set(recipient.recipientId, recipient);
    }
  }

  /** The recipients are settled from here on, and busy until `endSettlement`. */
  beginSettlement(
    id: string,
    settlements: readonly Settlement[],
  ): { readonly active: Facts; readonly settled: readonly Settled[]; readonly isWhole: boolean } {
    const active = this.#messages.get(id);
    if (active === undefined) throw new RelayError('internal', `No recipient of ${id} is claimed (Q4).`);
    const settled = settlements.map((settlement) => {
      const recipient = active.claimed.get(settlement.recipientId);
      if (recipient === undefined)
        throw new RelayError('internal', `Recipient ${settlement.recipientId} of ${id} is not claimed (Q4).`);
      return { settlement, recipient };
    });
    const isDoubled =
      settlements.length > 1 &&
      new Set(settlements.map(({ recipientId }) => recipientId)).size !== settlements.length;
    if (isDoubled) throw new RelayError('internal', `A recipient of ${id} was settled twice (Q4).`);
    for (const { recipientId } of settlements) {
      active.claimed.delete(recipientId);
      active.settling.add(recipientId);
    }
    const { isWhole } = active;
    active.isWhole = false;
    return { active, settled, isWhole };
  }

  endSettlement(id: string, settlements: readonly Settlement[]): void {
    const active = this.#messages.get(id);
    if (active === undefined) return;
    for (const { recipientId } of settlements) active.settling.delete(recipientId);
    this.#claimedCount -= settlements.length;
    if (active.claimed.size === 0 && active.settling.size === 0) this.#messages.delete(id);
  }
}
