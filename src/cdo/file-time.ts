/** Windows file time: 100-nanosecond units since 1601-01-01, as two 32-bit halves. */

export type FileTime = { readonly high: number; readonly low: number };

const UNITS_PER_MS = 10_000n;
const EPOCH_UNITS = 116_444_736_000_000_000n;

/** From milliseconds since 1970. */
export function encodeFileTime(atMs: number): FileTime {
  const units = BigInt(Math.round(atMs)) * UNITS_PER_MS + EPOCH_UNITS;
  return { high: Number(units >> 32n), low: Number(units & 0xffff_ffffn) };
}
