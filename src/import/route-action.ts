/**
 * RouteAction: what the old service did with the mail of a domain, as bits.
 * Owns: the names and numbers.  Leaves: what each becomes here (iis.ts).
 * Sources: doc "RouteAction metabase property" (community content of TechNet cc757175; its hexadecimal column).
 */

export const ROUTE_ACTION = {
  drop: 0x1,
  smartHost: 0x2,
  tls: 0x4,
  sasl: 0x8,
  alias: 0x10,
  deliver: 0x20,
  default: 0x40,
  ntlm: 0x80,
  clearText: 0x100,
  etrnHold: 0x200,
  ipRelay: 0x400,
  authRelay: 0x800,
  domainRelay: 0x1000,
  clientTurn: 0x2000,
  clientEtrn: 0x4000,
  disableEtrn: 0x8000,
  chunking: 0x10000,
  disableChunking: 0x20000,
  disableBinaryMime: 0x40000,
  disableDsn: 0x80000,
  disablePipelining: 0x100000,
  kerberos: 0x200000,
  helo: 0x400000,
} as const;

export type RouteActionBit = keyof typeof ROUTE_ACTION;

/** The names that the metabase schema gives the bits, for values written as `NAME | NAME`. */
export const ROUTE_ACTION_NAMES: Readonly<Record<string, number>> = {
  SMTP_NO_ACTION: 0,
  SMTP_DROP: ROUTE_ACTION.drop,
  SMTP_SMARTHOST: ROUTE_ACTION.smartHost,
  SMTP_SSL: ROUTE_ACTION.tls,
  SMTP_SASL: ROUTE_ACTION.sasl,
  SMTP_ALIAS: ROUTE_ACTION.alias,
  SMTP_DELIVER: ROUTE_ACTION.deliver,
  SMTP_DEFAULT: ROUTE_ACTION.default,
  SMTP_AUTH_NTLM: ROUTE_ACTION.ntlm,
  SMTP_AUTH_CLEARTEXT: ROUTE_ACTION.clearText,
  SMTP_ETRN_CMD: ROUTE_ACTION.etrnHold,
  SMTP_IP_RELAY: ROUTE_ACTION.ipRelay,
  SMTP_AUTH_RELAY: ROUTE_ACTION.authRelay,
  SMTP_DOMAIN_RELAY: ROUTE_ACTION.domainRelay,
  SMTP_CSIDE_TURN: ROUTE_ACTION.clientTurn,
  SMTP_CSIDE_ETRN: ROUTE_ACTION.clientEtrn,
  SMTP_DISABLE_ETRN: ROUTE_ACTION.disableEtrn,
  SMTP_CHUNKING: ROUTE_ACTION.chunking,
  SMTP_DISABLE_CHUNK: ROUTE_ACTION.disableChunking,
  SMTP_DISABLE_BMIME: ROUTE_ACTION.disableBinaryMime,
  SMTP_DISABLE_DSN: ROUTE_ACTION.disableDsn,
  SMTP_DISABLE_PIPELINE: ROUTE_ACTION.disablePipelining,
  SMTP_AUTH_KERBEROS: ROUTE_ACTION.kerberos,
  SMTP_USE_HELO: ROUTE_ACTION.helo,
};

/** The bits of a value, in ascending order. Bits without a name are left out. */
export function bitsOf(value: number): RouteActionBit[] {
  return (Object.keys(ROUTE_ACTION) as RouteActionBit[]).filter((bit) => (value & ROUTE_ACTION[bit]) !== 0);
}
