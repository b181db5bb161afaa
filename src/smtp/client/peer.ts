/**
 * What the other side said it can do: the answer to EHLO as facts.
 * Owns: reading extension lines, liberally.  Leaves: using them (transaction, machine).
 * Sources: RFC 5321 §4.1.1.1; RFC 1870 §3; RFC 2920; RFC 3030 §2; RFC 3207; RFC 3461 §4; RFC 4954 §3; RFC 6152; RFC 6531 §3.1;
 * RFC 9422 §4.
 */
import type { Reply } from '../../envelope/index.ts';

/** How the connection is protected. */
export type TlsFacts = {
  /** `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** The certificate chain and the name were right. */
  readonly isVerified: boolean;
};

export type Peer = {
  /** The name the host gave itself in its answer to EHLO; it proves nothing. */
  readonly name: string;
  readonly isEsmtp: boolean;
  readonly pipelining: boolean;
  readonly eightBitMime: boolean;
  readonly binaryMime: boolean;
  readonly chunking: boolean;
  readonly smtpUtf8: boolean;
  readonly dsn: boolean;
  readonly startTls: boolean;
  readonly sizeOffered: boolean;
  /** Largest message in bytes; undefined when there is no limit or none is told. */
  readonly maxMessageBytes: number | undefined;
  /** Mechanism names in capitals, in the order of the host. */
  readonly authMechanisms: readonly string[];
  /** RFC 9422 LIMITS: most recipients in one transaction, most transactions in one session. */
  readonly maxRecipients: number | undefined;
  readonly maxTransactions: number | undefined;
  readonly tls: TlsFacts | undefined;
};

/** A host that answered HELO: nothing beyond the mail of 1982. */
export function plainPeer(reply: Reply, tls: TlsFacts | undefined): Peer {
  return {
    name: firstWord(reply),
    isEsmtp: false,
    pipelining: false,
    eightBitMime: false,
    binaryMime: false,
    chunking: false,
    smtpUtf8: false,
    dsn: false,
    startTls: false,
    sizeOffered: false,
    maxMessageBytes: undefined,
    authMechanisms: [],
    maxRecipients: undefined,
    maxTransactions: undefined,
    tls,
  };
}

/** Reads the answer to EHLO. Lines that make no sense are passed over: a peer's mistake there costs it a feature, no mail. */
export function readPeer(reply: Reply, tls: TlsFacts | undefined): Peer {
  const words = new Map<string, readonly string[]>();
  const mechanisms: string[] = [];
  for (const line of reply.lines.slice(1)) {
    const [keyword = '', ...parameters] = line.trim().toUpperCase().split(/\s+/);
    // compat: `AUTH=LOGIN`, as Microsoft's servers announce it to old clients besides the proper line.
    const auth = /^AUTH=(.*)$/.exec(keyword);
    if (keyword === 'AUTH') mechanisms.push(...parameters);
    else if (auth) mechanisms.push(auth[1]!, ...parameters);
    else if (!words.has(keyword)) words.set(keyword, parameters);
  }
  const has = (keyword: string): boolean => words.has(keyword);
  const size = /^\d{1,15}$/.exec(words.get('SIZE')?.[0] ?? '');
  const limits = words.get('LIMITS') ?? [];
  const limit = (name: string): number | undefined => {
    const found = limits
      .map((word) => /^([A-Z]+)=(\d{1,9})$/.exec(word))
      .find((match) => match?.[1] === name);
    const value = Number(found?.[2] ?? 0);
    return value > 0 ? value : undefined;
  };
  return {
    name: firstWord(reply),
    isEsmtp: true,
    pipelining: has('PIPELINING'),
    eightBitMime: has('8BITMIME'),
    binaryMime: has('BINARYMIME') && has('CHUNKING'),
    chunking: has('CHUNKING'),
    smtpUtf8: has('SMTPUTF8'),
    dsn: has('DSN'),
    startTls: has('STARTTLS'),
    sizeOffered: has('SIZE'),
    // RFC 1870 §4: zero says that there is no fixed limit.
    maxMessageBytes: size !== null && Number(size[0]) > 0 ? Number(size[0]) : undefined,
    authMechanisms: [...new Set(mechanisms.filter((name) => name !== ''))],
    maxRecipients: limit('RCPTMAX'),
    maxTransactions: limit('MAILMAX'),
    tls,
  };
}

function firstWord(reply: Reply): string {
  return (reply.lines[0] ?? '').trim().split(/\s+/)[0]!.slice(0, 255);
}
