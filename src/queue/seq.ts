/**
 * Seq: the number under which the store keeps a message, and how an id finds it again without an index.
 * An id from base/ids begins with eight base-32 digits of milliseconds; seq is those milliseconds times 8192 plus a counter,
 * so rows lie in the order of arrival and an id names a range of at most 8192 rows. A message whose id is older than the
 * newest row (a pickup claim of an earlier process, a clock set back) gets the next free number instead and is marked
 * `misplaced`; only those are indexed by id.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PER_MILLISECOND = 8192;

/** The milliseconds (modulo 2^40) in an id, or undefined when the text is no id. */
export function timeOfId(id: string): number | undefined {
  if (!/^[0-9A-HJKMNP-TV-Z]{16}$/.test(id)) return undefined;
  let time = 0;
  for (let at = 0; at < 8; at += 1) time = time * 32 + ALPHABET.indexOf(id[at]!);
  return time;
}

/** The seqs a message with this id may have unless it is misplaced: from `first` up to, not including, `end`. */
export function seqRange(id: string): { readonly first: number; readonly end: number } | undefined {
  const time = timeOfId(id);
  return time === undefined
    ? undefined
    : { first: time * PER_MILLISECOND, end: (time + 1) * PER_MILLISECOND };
}

export class SeqSource {
  #last: number;

  constructor(last: number) {
    this.#last = last;
  }

  /** The seq for a message with this id, always larger than every one before. */
  next(id: string): { readonly seq: number; readonly misplaced: boolean } {
    const range = seqRange(id);
    const seq = Math.max(range?.first ?? 0, this.#last + 1);
    this.#last = seq;
    return { seq, misplaced: range === undefined || seq >= range.end };
  }
}
