/**
 * For whom we take mail: the judgement of one recipient.
 * Owns: the order of judgement.  Leaves: what a domain rule is (routing's table), who the client is (smtp-policy).
 * The sender address never matters. Local-parts are never read for routes: `user%other@here` is a local name.
 * Sources: KB 304897 and KB 310356 (order and reply); RFC 5321 §3.6, §7.7.
 */
import { domainKey, type Mailbox } from '../envelope/index.ts';
import type { DomainTable } from '../routing/index.ts';

/** What is known of the client when the recipient is judged. */
export type RelayClient = {
  /** Its address is in the relay list, or its network identity may relay. */
  readonly isInRelayList: boolean;
  readonly isAuthenticated: boolean;
};

export type RelayRules = {
  readonly domains: DomainTable;
  readonly relayForAuthenticated: boolean;
  readonly relayForEveryone: boolean;
};

/** Why mail for a recipient is taken, or `denied`. */
export type RelayVerdict =
  | 'local-domain'
  | 'relay-domain'
  | 'relay-list'
  | 'authenticated'
  | 'open-relay'
  | 'denied';

/** The order is the old service's: each line asks one thing, the first that holds decides. */
export function judgeRelay(recipient: Mailbox, client: RelayClient, rules: RelayRules): RelayVerdict {
  const rule = rules.domains.find(domainKey(recipient.domain));
  if (rule?.kind === 'local') return 'local-domain';
  if (rule?.kind === 'remote' && rule.domain.allowRelay) return 'relay-domain';
  if (client.isInRelayList) return 'relay-list';
  if (client.isAuthenticated && rules.relayForAuthenticated) return 'authenticated';
  return rules.relayForEveryone ? 'open-relay' : 'denied';
}
