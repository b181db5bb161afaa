/**
 * Identifiers: short, sortable by time, unguessable enough to be unique across restarts.
 * Form: 8 characters of time and counter, 8 of randomness, in Crockford's base 32 (no I, L, O, U): safe as a file name,
 * in a log, in an SMTP reply and in a Message-ID.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export interface IdSource {
  /** A new identifier, 16 characters of [0-9A-Z]; later ones sort after earlier ones to the millisecond. */
  next(): string;
}

/** Ids from wall time and the system's randomness. `now` in milliseconds since 1970. */
export function createIdSource(now: () => number): IdSource {
  // Random bytes are drawn in bulk: one system call for 256 identifiers.
  let pool = Buffer.alloc(0);
  let used = 0;
  const randomPart = (): string => {
    if (used + 8 > pool.length) {
      // Not imported: loading it takes 15 ms, and most that import this room draw no identifiers.
      pool = process.getBuiltinModule('node:crypto').randomBytes(2048);
      used = 0;
    }
    let text = '';
    for (const end = used + 8; used < end; used += 1) text += ALPHABET[pool[used]! & 31];
    return text;
  };
  return { next: () => timePart(now()) + randomPart() };
}

/** Nine base-32 digits would hold the year 3084; eight hold milliseconds modulo 2^40 (34 years), enough to sort a queue. */
function timePart(nowMs: number): string {
  let text = '';
  let rest = nowMs % 2 ** 40;
  for (let digit = 0; digit < 8; digit += 1) {
    text = ALPHABET[rest % 32]! + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
