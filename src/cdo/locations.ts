/**
 * What programs write where a file or page is wanted: paths of Windows, UNC names, URLs.
 * Owns: telling them apart, the file name at their end.  Leaves: reading and fetching (attach.ts), mapping of paths (host).
 */
import { CdoError } from './errors.ts';

export type Location =
  | { readonly kind: 'file'; readonly path: string; readonly fileName: string }
  | { readonly kind: 'url'; readonly url: string; readonly fileName: string };

/** Fails as the original does on what is neither a full path nor a URL it can fetch. */
export function parseLocation(written: string): Location {
  const text = written.trim();
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https' || scheme === 'ftp') return urlLocation(text);
  if (scheme === 'file') return fileLocation(pathOfFileUrl(text));
  if (/^[A-Za-z]:[\\/]/.test(text) || text.startsWith('\\\\') || text.startsWith('/'))
    return fileLocation(text);
  throw new CdoError('ERROR_INVALID_NAME', {
    hint: `'${text.slice(0, 200)}' is neither a full path nor a file, http, https or ftp URL.`,
  });
}

function urlLocation(text: string): Location {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new CdoError('ERROR_INVALID_NAME', { cause, hint: `'${text.slice(0, 200)}' is not a valid URL.` });
  }
  return { kind: 'url', url: url.href, fileName: lastSegment(safeDecode(url.pathname)) };
}

function fileLocation(path: string): Location {
  return { kind: 'file', path, fileName: lastSegment(path) };
}

/** `file://C:\a`, `file:///C:/a`, `file://server/share/a`, `file:///srv/a`. */
function pathOfFileUrl(text: string): string {
  const rest = text.slice('file:'.length).replace(/^\/\/localhost\//i, '///');
  const path = safeDecode(rest);
  if (/^\/{2,3}[A-Za-z]:/.test(path)) return path.replace(/^\/+/, '');
  if (/^\/\/[^/\\]/.test(path)) return `\\\\${path.slice(2).replaceAll('/', '\\')}`;
  return path.replace(/^\/+/, '/');
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function lastSegment(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? '';
}
