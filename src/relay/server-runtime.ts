/**
 * What one virtual server's settings become for the rooms that ask by server name: made at start and again at each reload.
 * Owns: nothing that runs except the DNS resolver.  Leaves: listeners (relay), queue and folders (mailroot-unit).
 */
import type { Clock } from '../base/index.ts';
import type { NamedServer } from '../config/index.ts';
import type { DropPort, ServerParts } from '../delivery/index.ts';
import { type Domain, domainName, isNullReversePath, type ReversePath } from '../envelope/index.ts';
import type { OutcomeSettings } from '../outcome/index.ts';
import {
  DomainTable,
  MailRouter,
  type OpenResolver,
  openResolver,
  type RoutingSettings,
} from '../routing/index.ts';
import { outcomeSlice } from './outcome-slice.ts';
import { routingSlice } from './routing-slice.ts';

export type ServerRuntime = {
  readonly config: NamedServer;
  /** Our own name. */
  readonly fqdn: string;
  readonly routing: RoutingSettings;
  readonly outcome: OutcomeSettings;
  readonly delivery: ServerParts;
  readonly resolver: OpenResolver;
  /** Which rule covers a domain: local, remote, none. */
  readonly domains: DomainTable;
};

export type ServerRuntimeOptions = {
  readonly config: NamedServer;
  readonly fqdn: string;
  /** Where any of our servers listens, so that mail is not sent in circles. */
  readonly listeners: readonly { readonly address: string; readonly port: number }[];
  readonly drop: DropPort;
  readonly clock: Clock;
};

/** Throws RelayError for settings that only their meaning shows to be wrong. */
export function serverRuntime({ config, fqdn, listeners, drop, clock }: ServerRuntimeOptions): ServerRuntime {
  const routing = routingSlice(config, fqdn, listeners);
  const outcome = outcomeSlice(config, fqdn);
  const resolver = openResolver(routing.dns, clock);
  const domains = new DomainTable(routing);
  const masquerade = config.delivery.masqueradeDomain;
  const masqueradeAs = masquerade === undefined ? undefined : domainName(masquerade);
  return {
    config,
    fqdn,
    routing,
    outcome,
    resolver,
    domains,
    delivery: {
      router: new MailRouter({ settings: routing, dns: resolver.dns, clock }),
      drop,
      heloName: fqdn,
      ...(masqueradeAs !== undefined && {
        reversePath: (path: ReversePath) => masqueraded(path, domains, masqueradeAs),
      }),
    },
  };
}

/** Senders of local domains show the masquerade domain; others and the null sender stay what they are. */
function masqueraded(path: ReversePath, domains: DomainTable, domain: Domain): ReversePath {
  if (isNullReversePath(path) || path.domain.kind !== 'name') return path;
  return domains.find(path.domain.ascii)?.kind === 'local' ? { ...path, domain } : path;
}
