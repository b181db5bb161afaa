/**
 * A claim source that keeps back what must not be tried: messages that have run through too many hosts.
 * Owns: that check, once per claim.  Leaves: what is done with such a message (outcome).
 * Delivery sees a plain ClaimSource; the relay puts this one between queue and delivery.
 * Sources: RFC 5321 §6.3; doc "Advanced delivery" (maximum hop count: the message is returned when it is exceeded).
 */
import type { Claim, ClaimSource } from '../queue/index.ts';
import type { OutcomeSink } from './contract.ts';
import type { OutcomeSettings } from './settings.ts';

export type ScreenedClaimsParts = {
  readonly queue: ClaimSource;
  readonly outcome: OutcomeSink;
  readonly settings: (server: string) => Pick<OutcomeSettings, 'maxHops'>;
};

/** The same queue, without messages whose hop count is above the limit: those are returned at once. */
export function screenedClaims({ queue, outcome, settings }: ScreenedClaimsParts): ClaimSource {
  return {
    onReady: (listener) => queue.onReady(listener),
    settle: (message, settlements, reports) => queue.settle(message, settlements, reports),
    async claim(limit, exceptDomains) {
      for (;;) {
        const claims = await queue.claim(limit, exceptDomains);
        const good: Claim[] = [];
        for (const claim of claims) {
          if (claim.message.hops > settings(claim.message.server).maxHops) await turnBack(claim, outcome);
          else good.push(claim);
        }
        // An empty list says that nothing is due, and that is not so when all were turned back.
        if (good.length > 0 || claims.length === 0) return good;
      }
    },
  };
}

async function turnBack(claim: Claim, outcome: OutcomeSink): Promise<void> {
  const tooManyHops = claim.message.hops;
  await outcome.report(
    claim,
    claim.recipients.map(({ recipientId }) => ({ recipientId, tooManyHops })),
  );
}
