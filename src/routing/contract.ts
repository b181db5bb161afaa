/**
 * The next hop, as types: the contract between routing and delivery.
 * Sources: RFC 5321 §5.1; RFC 7505 §3.
 */

/** Where a recipient's domain leads. A DNS answer is a result, never a throw. */
export type Route =
  /** A local default or alias domain: the Drop folder. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'next-hop'; readonly nextHop: NextHop }
  /** Kept for remote-triggered delivery (ETRN) until the domain's own server asks. */
  | { readonly kind: 'held'; readonly reason: string }
  | { readonly kind: 'unroutable'; readonly problem: RoutingProblem };

/** Why no next hop was found. Temporary or permanent follows from `cause` (outcome). */
export type RoutingProblem = {
  readonly cause:
    | 'no-such-domain'
    | 'no-mail-host'
    | 'null-mx'
    | 'loops-to-self'
    | 'dns-failure'
    | 'dns-timeout'
    | 'unusable-literal';
  /** For people: `example.com has no MX, A or AAAA record`. */
  readonly text: string;
};

export type TransportSecurity = {
  /**
   * `none`: plain text. `opportunistic`: STARTTLS when offered, plain text otherwise. `required`: STARTTLS or no delivery.
   * `implicit`: TLS from the first byte.
   */
  readonly tls: 'none' | 'opportunistic' | 'required' | 'implicit';
  /** True: certificate chain and name must be right. Always true when credentials are sent, unless switched off by name. */
  readonly verifyCertificate: boolean;
};

export type Credentials = {
  readonly user: string;
  readonly password: string;
  /** The operator's own word: send these without TLS too. */
  readonly allowPlainText?: boolean;
};

/** One place to deliver to. Recipients with equal `key` share transactions, connections and limits. */
export type NextHop = {
  readonly key: string;
  /** For logs and reports: the domain or the smart host. */
  readonly label: string;
  readonly kind: 'mx' | 'smart-host' | 'literal';
  /** In the order to try. Never empty. */
  readonly hosts: readonly MailHost[];
  readonly port: number;
  readonly security: TransportSecurity;
  readonly credentials?: Credentials;
  /** HELO instead of EHLO (old remote domains). */
  readonly greetWithHelo: boolean;
  /** "Attempt direct delivery before sending to smart host": tried when every host here could not be reached. */
  readonly fallback?: NextHop;
};

export type MailHost = {
  /** The host's name for logs, TLS and the DSN; an address literal is its own name. */
  readonly name: string;
  /** Addresses in the order to try, IPv6 and IPv4 mixed as configured. Never empty. */
  readonly addresses: readonly string[];
};

export interface Router {
  /**
   * `domainKey` as envelope's domainKey() prints it: `example.com`, `[192.0.2.1]`. With purpose `requested` (the domain's
   * server asked for its mail) a domain held for ETRN is routed like any other. Never rejects.
   */
  route(domainKey: string, purpose?: 'delivery' | 'requested'): Promise<Route>;
}
