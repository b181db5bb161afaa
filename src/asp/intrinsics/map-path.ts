/**
 * Virtual paths as pages give them, and the Windows paths they stand for.
 * Owns: Server.MapPath and its errors.  Leaves: whether anything lies there (MapPath never looks).
 * Sources: doc "Server.MapPath"; KB 294271.
 */
import { AspProblem } from '../errors.ts';
import { resolveVirtual } from '../template/site-files.ts';

/** MAX_PATH of Windows. */
const LONGEST = 260;

export type PathPlace = {
  /** Windows path of the site's folder. */
  readonly windowsFolder: string;
  readonly parentPaths: boolean;
  /** Virtual path of the page that asks. */
  readonly page: string;
};

/** The Windows path of `path`, which is relative to the page unless it begins with a slash. */
export function mapPath(path: string, place: PathPlace): string {
  const fail = (number: 171 | 172 | 173 | 174 | 175 | 176 | 214): never => {
    throw new AspProblem('Server.MapPath()', number);
  };
  if (path === '') fail(171);
  if (path.length > LONGEST) fail(214);
  if (/^[a-z]:/i.test(path)) fail(172);
  if (/^[\\/]{2}/.test(path)) fail(174);
  if (/[*?<>|":\u0000-\u001f]/.test(path)) fail(173);
  const given = path.replaceAll('\\', '/');
  if (given.includes('//')) fail(174);
  if (given.split('/').includes('..') && !place.parentPaths) fail(175);
  const virtual = resolveVirtual(given.startsWith('/') ? given : folderOf(place.page) + given);
  if (virtual === undefined) return fail(176);
  const below = virtual === '/' ? '' : virtual.replaceAll('/', '\\');
  const tail = given.endsWith('/') && below !== '' ? '\\' : '';
  return place.windowsFolder.replace(/[\\/]+$/, '') + below + tail;
}

/** The Windows path of a virtual path that is known to be good. */
export function windowsPathOf(virtual: string, windowsFolder: string): string {
  return windowsFolder.replace(/[\\/]+$/, '') + (virtual === '/' ? '' : virtual.replaceAll('/', '\\'));
}

/** `/shop/` of `/shop/order.asp`. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
