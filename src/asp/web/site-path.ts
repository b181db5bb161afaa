/**
 * Reads the target of a request: one decoding, one strict reading, so that nothing behind it sees a second meaning.
 * Owns: percent coding, which characters and names a path may have, which names are never served, host in the target.
 * Leaves: whether there is such a file (site-files), what a page may know of the query (the page).
 * Fails: a refusal with status and reason; the reason is for the log alone.
 * Sources: RFC 3986 §2.1 and §5.2.4, RFC 9112 §3.2; doc "IIS Request Filtering" (hidden segments, double escaping).
 */
import { ALWAYS_HIDDEN } from './served-types.ts';

export type TargetLimits = {
  /** Characters of the path as sent. */
  readonly urlLength: number;
  /** Characters of the query as sent. */
  readonly queryLength: number;
};

export type Target =
  | {
      readonly kind: 'path';
      /** Decoded, begins with `/`, no empty segment, no `.` or `..`. A trailing slash is kept. */
      readonly path: string;
      /** Raw, without the question mark. */
      readonly query: string;
      /** Host of a target in absolute form, which wins over the Host field. */
      readonly host: string | undefined;
    }
  | { readonly kind: 'refused'; readonly status: 400 | 404 | 414; readonly reason: string };

/** Reads a request target: `/shop/a.asp?x=1`, or in absolute form. */
export function readTarget(target: string, limits: TargetLimits): Target {
  const absolute = /^https?:\/\/([^/?#]*)/i.exec(target);
  const rest = absolute === null ? target : target.slice(absolute[0].length) || '/';
  const mark = rest.indexOf('?');
  const raw = mark < 0 ? rest : rest.slice(0, mark);
  const query = mark < 0 ? '' : rest.slice(mark + 1);
  if (raw.length > limits.urlLength) return refused(414, 'the path is too long');
  if (query.length > limits.queryLength) return refused(414, 'the query is too long');
  if (!raw.startsWith('/')) return refused(400, 'the target is no path');
  if (/[\x00-\x20\x7f#]/.test(query)) return refused(400, 'the query has a character that must be encoded');
  const decoded = decode(raw);
  if (decoded === undefined) return refused(400, 'the path is not encoded as it must be');
  const path = decoded.replace(/\/{2,}/g, '/');
  const trouble = troubleOf(path);
  if (trouble !== undefined) return trouble;
  return { kind: 'path', path, query, host: absolute?.[1] };
}

/** Percent coding undone once, as strict UTF-8; undefined when it is none. */
function decode(raw: string): string | undefined {
  // RFC 3986 §2.1: everything but printable ASCII comes encoded.
  if (/[^\x21-\x7e]|[#"<>\\^`{|}]/.test(raw)) return undefined;
  if (!raw.includes('%')) return raw;
  try {
    // Refuses overlong forms (%c0%ae), lone surrogates and halves of characters.
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

/** Characters that no Windows file name has, or that end it, or that mean a stream of a file (`page.asp::$DATA`). */
const FORBIDDEN = /[\x00-\x1f\x7f"*:<>?\\|]/;
/** Unseen, unassigned or private characters, and separators that are no blank. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
/** Slashes and colons that Unicode does not decompose, and Windows does. */
const LOOKALIKE = /[\u2044\u2215\u2216\u2236\u29f5\u29f8\ua789]/u;
/** Device names: on Windows they are devices in every folder and with every extension. */
const DEVICE = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
/** `GLOBAL~1.ASA`: the short name under which Windows knows a file as well. */
const SHORT_NAME = /^[^.]{1,6}~[0-9]{1,6}(?:\.|$)/;

function troubleOf(path: string): Target | undefined {
  if (FORBIDDEN.test(path)) return refused(404, 'the path has a character that no file name has');
  // What looks encoded after one decoding was encoded twice.
  if (/%[0-9a-f]{2}|%u[0-9a-f]{4}/i.test(path)) return refused(404, 'the path is encoded twice');
  if (/[^\x00-\x7f]/.test(path)) {
    if (UNSEEN.test(path)) return refused(404, 'the path has a character that cannot be seen');
    // Windows turns characters it lacks into their nearest; a slash or dot must not come about that way.
    for (const character of path)
      if (
        character > '\x7f' &&
        (LOOKALIKE.test(character) || /[\x00-\x1f./\\:%~"*<>?|$]/.test(character.normalize('NFKC')))
      )
        return refused(404, 'the path has a character that Windows takes for another');
  }
  for (const segment of path.split('/')) {
    const reason = segmentTrouble(segment);
    if (reason !== undefined) return refused(404, reason);
  }
  return undefined;
}

function segmentTrouble(segment: string): string | undefined {
  if (segment === '') return undefined;
  if (segment === '.' || segment === '..') return 'the path climbs';
  // ACME asks for files below this one folder; all other names with a dot in front are private.
  if (segment.startsWith('.') && segment.toLowerCase() !== '.well-known') return 'the name begins with a dot';
  // Windows drops trailing dots and blanks: `page.asp.` would be the page's source.
  if (/[. ]$|^ /.test(segment)) return 'the name begins or ends with a blank or ends with a dot';
  if (DEVICE.test(segment)) return 'the name is that of a device';
  if (SHORT_NAME.test(segment)) return 'the name is a short one';
  if (isHiddenName(segment)) return 'the name is never served';
  return undefined;
}

/** Whether a file or folder of this name is kept from the world, whatever else is set. */
export function isHiddenName(name: string): boolean {
  const lower = name.toLowerCase();
  if (ALWAYS_HIDDEN.names.has(lower)) return true;
  if (lower.endsWith('~')) return true;
  const parts = lower.split('.');
  if (parts.length < 2) return false;
  if (ALWAYS_HIDDEN.extensions.has(parts.at(-1)!)) return true;
  // `page.asp.txt` and `global.asa.html` hold what `page.asp` and `global.asa` held.
  return parts.slice(1, -1).some((part) => ALWAYS_HIDDEN.sources.has(part));
}

function refused(status: 400 | 404 | 414, reason: string): Target {
  return { kind: 'refused', status, reason };
}
