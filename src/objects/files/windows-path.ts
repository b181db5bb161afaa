/**
 * Windows paths as text: reading them strictly, and the text functions of FileSystemObject.
 * Owns: drive and UNC roots, `.` and `..`, trailing dots and spaces, device names, streams.  Leaves: the disk (folder-map).
 * Fails: a path that must not be used is a problem value, never a throw; the caller chooses the error.
 * Sources: doc "Naming Files, Paths, and Namespaces"; doc "FileSystemObject".
 */

/** An absolute path, normalised: `root` is `C:` or `\\server\share`, `parts` hold neither `.` nor `..` nor empty names. */
export type WindowsPath = { readonly root: string; readonly parts: readonly string[] };

/** Why a text is no usable path. */
export type PathProblem =
  | 'bad-name' // characters no name may have, or nothing left of a name
  | 'device' // CON, NUL, COM1 …, \\.\ and \\?\ paths
  | 'stream'; // name:stream

export type PathResult = { readonly path: WindowsPath } | { readonly problem: PathProblem };

const LONGEST_PATH = 32_767;
const LONGEST_NAME = 255;
const DEVICE =
  /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])$/i;

/** Reads `text` against the current folder. Both separators are accepted, as Windows does. */
export function parseWindowsPath(text: string, current: WindowsPath): PathResult {
  const path = text.replaceAll('/', '\\');
  if (path === '' || path.length > LONGEST_PATH || !path.isWellFormed()) return { problem: 'bad-name' };
  if (/^\\\\[.?](?:\\|$)/.test(path) || /^\\\?\?\\/.test(path)) return { problem: 'device' };
  const unc = /^\\\\([^\\]+)\\+([^\\]+)(?:\\(.*))?$/s.exec(path);
  if (unc) {
    const [, server, share, rest] = unc;
    for (const name of [server!, share!]) {
      const problem = nameProblem(name);
      if (problem !== undefined || name !== withoutTail(name)) return { problem: problem ?? 'bad-name' };
    }
    return walk({ root: `\\\\${server}\\${share}`, parts: [] }, rest ?? '');
  }
  if (path.startsWith('\\\\')) return { problem: 'bad-name' };
  const drive = /^([a-z]):/i.exec(path);
  if (drive) {
    const root = `${drive[1]!.toUpperCase()}:`;
    const rest = path.slice(2);
    const start = rest.startsWith('\\') || root !== current.root ? { root, parts: [] } : current;
    return walk(start, rest);
  }
  return walk(path.startsWith('\\') ? { root: current.root, parts: [] } : current, path);
}

function walk(start: WindowsPath, rest: string): PathResult {
  const parts = [...start.parts];
  for (const raw of rest.split('\\')) {
    if (raw === '' || raw === '.') continue;
    if (raw === '..') {
      parts.pop();
      continue;
    }
    const problem = nameProblem(raw);
    if (problem !== undefined) return { problem };
    parts.push(withoutTail(raw));
  }
  return { path: { root: start.root, parts } };
}

/** Windows drops trailing dots and spaces of a name. */
function withoutTail(name: string): string {
  return name.replace(/[. ]+$/, '');
}

/** What is wrong with one name of a path. */
export function nameProblem(raw: string): PathProblem | undefined {
  const name = withoutTail(raw);
  const stem = withoutTail(name.split(/[.:]/, 1)[0]!);
  if (DEVICE.test(stem)) return 'device';
  if (raw.includes(':')) return 'stream';
  if (name === '' || name.length > LONGEST_NAME || /[\0-\x1f<>"|?*/\\]/.test(raw)) return 'bad-name';
  return undefined;
}

/** `C:\`, `C:\a\b`, `\\server\share\a`. */
export function formatWindowsPath(path: WindowsPath): string {
  if (path.parts.length === 0) return path.root.endsWith(':') ? `${path.root}\\` : path.root;
  return `${path.root}\\${path.parts.join('\\')}`;
}

/** The key under which Windows finds a name, whatever its case. */
export function caseKey(name: string): string {
  return name.toUpperCase();
}

/** True when `inner` is `outer` or lies below it. */
export function liesWithin(inner: WindowsPath, outer: WindowsPath): boolean {
  return (
    caseKey(inner.root) === caseKey(outer.root) &&
    inner.parts.length >= outer.parts.length &&
    outer.parts.every((part, index) => caseKey(part) === caseKey(inner.parts[index]!))
  );
}

/** BuildPath: joins with one separator unless either side brings it; a bare drive is joined without. */
export function buildPath(path: string, name: string): string {
  if (path === '' || name === '') return path + name;
  const endsOpen = /[\\/]$/.test(path);
  const startsWith = /^[\\/]/.test(name);
  if (endsOpen && startsWith) return path + name.slice(1);
  if (endsOpen || startsWith || /^[a-z]:$/i.test(path)) return path + name;
  return `${path}\\${name}`;
}

/** GetDriveName: `C:` or `\\server\share`, empty when the text has neither. */
export function driveName(path: string): string {
  const match = /^(?:[a-z]:|[\\/]{2}[^\\/]+[\\/][^\\/]+)/i.exec(path);
  return match === null ? '' : match[0];
}

/** GetFileName: the last name of a path, without trailing separators. */
export function fileName(path: string): string {
  const text = path.replace(/[\\/]+$/, '');
  if (text === driveName(text)) return '';
  return text.slice(Math.max(text.lastIndexOf('\\'), text.lastIndexOf('/')) + 1);
}

/** GetParentFolderName: everything before the last name; a drive's root keeps its separator. */
export function parentFolderName(path: string): string {
  const text = path.replace(/[\\/]+$/, '');
  const drive = driveName(text);
  if (text.length <= drive.length) return '';
  const cut = Math.max(text.lastIndexOf('\\'), text.lastIndexOf('/'));
  if (cut < 0) return '';
  const parent = text.slice(0, cut).replace(/[\\/]+$/, '');
  return parent === drive && /^[a-z]:$/i.test(drive) ? `${parent}\\` : parent;
}

/** GetBaseName: the file name without its last extension. */
export function baseName(path: string): string {
  const name = fileName(path);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}

/** GetExtensionName: what follows the last dot of the file name. */
export function extensionName(path: string): string {
  const name = fileName(path);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1);
}
