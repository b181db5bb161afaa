/**
 * Which rule covers a domain: local, remote with options, or none.
 * Owns: wildcards and their precedence.  Leaves: what a rule means (router, relay policy).
 * Fails: throws RelayError for names that no rule can have; config refuses them first, with their line.
 * Sources: doc "Managing SMTP domains": the asterisk stands first and is followed by a period.
 */
import { RelayError } from '../base/index.ts';
import type { RemoteDomain, RoutingSettings } from './settings.ts';

export type DomainRule =
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'remote'; readonly name: string; readonly domain: RemoteDomain };

export class DomainTable {
  readonly #exact = new Map<string, DomainRule>();
  /** Keyed by what follows `*.`; the empty key is the lone `*`. */
  readonly #below = new Map<string, DomainRule>();

  constructor(settings: Pick<RoutingSettings, 'localDomains' | 'remoteDomains'>) {
    // Remote rules first: a name given as both is local, so that no mail for us leaves.
    for (const domain of settings.remoteDomains) this.#add({ kind: 'remote', name: domain.name, domain });
    for (const name of settings.localDomains) this.#add({ kind: 'local', name });
  }

  /** The most specific rule for a domain key: the exact name, else the wildcard with the longest name. */
  find(domainKey: string): DomainRule | undefined {
    const exact = this.#exact.get(domainKey);
    if (exact !== undefined || this.#below.size === 0 || domainKey.startsWith('[')) return exact;
    for (let dot = domainKey.indexOf('.'); dot >= 0; dot = domainKey.indexOf('.', dot + 1)) {
      const rule = this.#below.get(domainKey.slice(dot + 1));
      if (rule !== undefined) return rule;
    }
    return this.#below.get('');
  }

  isLocal(domainKey: string): boolean {
    return this.find(domainKey)?.kind === 'local';
  }

  #add(rule: DomainRule): void {
    const name = rule.name.toLowerCase();
    if (name === '*') this.#below.set('', rule);
    else if (name.startsWith('*.')) this.#below.set(checked(name.slice(2), rule), rule);
    else this.#exact.set(checked(name, rule), rule);
  }
}

function checked(name: string, rule: DomainRule): string {
  if (name !== '' && !/[*\s]/.test(name) && !name.startsWith('.')) return name;
  throw new RelayError(
    'config-invalid',
    `'${rule.name}' is no domain name: write example.com or *.example.com`,
    {
      fields: { domain: rule.name },
    },
  );
}
