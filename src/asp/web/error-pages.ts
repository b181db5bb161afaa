/**
 * Which page a site shows for an error, and where it is found.
 * Owns: choosing by status and sub-status, paths of files as web.config writes them, what an executed page is told of the error.
 * Leaves: reading web.config (site), running pages (front), 500;100 (page).
 * Sources: doc "IIS configuration reference: httpErrors, error" (modes, prefixLanguageFilePath, existingResponse).
 */
import type { ErrorPage, ErrorPages } from '../site/web-config.ts';

/** Under these a page that is executed would make things worse. */
const NEVER_EXECUTED = [503];

/** The page for an error; the more special row first. Undefined: our own short one. */
export function errorPageFor(errors: ErrorPages, status: number, subStatus: number): ErrorPage | undefined {
  if (!errors.isOn) return undefined;
  const { pages } = errors;
  const found =
    pages.findLast((page) => page.status === status && page.subStatus === subStatus) ??
    pages.findLast((page) => page.status === status && page.subStatus === -1) ??
    errors.fallback;
  return found?.mode === 'ExecuteURL' && NEVER_EXECUTED.includes(status) ? undefined : found;
}

/**
 * Virtual paths where a file of mode File may be, best first. Only those below the site: what a server had in
 * %SystemDrive%\inetpub\custerr is not here.
 */
export function errorFiles(
  { path, prefix }: ErrorPage,
  windowsFolder: string,
  language: string,
): readonly string[] {
  const found: string[] = [];
  const below = prefix === undefined ? undefined : virtualPath(prefix, windowsFolder);
  const isAbsolute = /^(?:[a-z]:|%)/i.test(path);
  if (below !== undefined && !isAbsolute) {
    for (const name of languagesOf(language)) found.push(joined(below, name, path));
    found.push(joined(below, path));
  }
  const own = virtualPath(path, windowsFolder);
  if (own !== undefined) found.push(own);
  return found;
}

/** `C:\inetpub\wwwroot\err`, `%SystemDrive%\inetpub\wwwroot\err`, `err` → `/err`; undefined: outside of the site. */
function virtualPath(path: string, windowsFolder: string): string | undefined {
  const plain = path.replace(/^%SystemDrive%/i, windowsFolder.slice(0, 2)).replaceAll('/', '\\');
  if (!/^[a-z]:/i.test(plain)) return plain.startsWith('%') ? undefined : joined(plain);
  const folder = windowsFolder.replace(/\\+$/, '');
  const isBelow = plain.toLowerCase().startsWith(`${folder.toLowerCase()}\\`);
  return isBelow ? joined(plain.slice(folder.length)) : undefined;
}

function joined(...parts: readonly string[]): string {
  const names = parts.flatMap((part) => part.split(/[\\/]/)).filter((name) => name !== '' && name !== '.');
  return `/${names.join('/')}`;
}

/** The languages of an Accept-Language field, at most three, as folder names. */
function languagesOf(field: string): readonly string[] {
  return field
    .split(',')
    .map((part) => part.split(';')[0]!.trim())
    .filter((name) => /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(name))
    .slice(0, 3);
}

/** The query of an executed page: `404;http://host:80/missing.htm?a=1`, unless web.config gives it one of its own. */
export function executedTarget(
  page: ErrorPage,
  status: number,
  url: string,
): { readonly path: string; readonly query: string } {
  const mark = page.path.indexOf('?');
  if (mark >= 0) return { path: page.path.slice(0, mark), query: page.path.slice(mark + 1) };
  return { path: page.path, query: `${status};${url}` };
}
