/**
 * The folders a script was given, under the Windows paths it knows them by, and nothing else of the disk.
 * Owns: longest mapping first, case-blind names on a case-sensitive disk, links that lead out.  Leaves: reading and writing.
 * Fails: a path is located as a value: what lies there, or why it is out of reach. Nothing outside a granted folder is looked at.
 *
 * Invariants: every host path in a Location lies, links resolved, in the real folder of its grant; a name is only ever
 * joined to a folder after windows-path has accepted it.
 */
import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { systemErrorCode } from '../system-error.ts';
import { caseKey, liesWithin, parseWindowsPath, type WindowsPath } from './windows-path.ts';

export type FolderGrant = {
  /** The path scripts use: `C:\inetpub`, `D:`, `\\server\share\folder`. */
  readonly windows: string;
  /** The folder on this machine; a function is called once, when the folder is first needed. `undefined`: it is not there. */
  readonly folder: string | (() => string | undefined);
  readonly access: FolderAccess;
};

/** `create`: new files may be put there; what lies there is neither read, listed, changed nor removed. For pickup folders. */
export type FolderAccess = 'read' | 'write' | 'create';

/** Where a path leads. */
export type Location =
  | {
      readonly kind: 'file' | 'folder';
      readonly host: string;
      readonly grant: Grant;
      readonly path: WindowsPath;
    }
  /** The folder above exists and the last name is free: a file may be created at `host`. */
  | { readonly kind: 'free'; readonly host: string; readonly grant: Grant; readonly path: WindowsPath }
  /** A folder of the way does not exist. */
  | { readonly kind: 'no-folder'; readonly path: WindowsPath }
  /** Not on disk, but a mapping lies below: `C:\` when `C:\inetpub` is mapped. */
  | { readonly kind: 'virtual'; readonly path: WindowsPath }
  /** No mapping covers the path. */
  | { readonly kind: 'unmapped'; readonly path: WindowsPath }
  /** A link leads out of the granted folder, or the place is a device, pipe or socket. */
  | { readonly kind: 'forbidden'; readonly path: WindowsPath };

export type Grant = {
  readonly path: WindowsPath;
  readonly access: FolderAccess;
  /** The folder with all links resolved; undefined: the mapping leads nowhere and does not count. */
  readonly real: () => string | undefined;
};

/** Where relative paths start before a current folder is known. */
const DRIVE_C: WindowsPath = { root: 'C:', parts: [] };

export class FolderMap {
  /** Longest path first. */
  readonly #grants: readonly Grant[];

  /** Throws RangeError for a mapping whose Windows path is none. */
  constructor(grants: readonly FolderGrant[]) {
    this.#grants = grants
      .map((grant) => toGrant(grant))
      .sort((a, b) => b.path.parts.length - a.path.parts.length);
  }

  get grants(): readonly Grant[] {
    return this.#grants;
  }

  /** The roots under which anything is mapped: `C:`, `\\server\share`. */
  roots(): string[] {
    return [
      ...new Map(this.#grants.map((grant) => [caseKey(grant.path.root), grant.path.root])).values(),
    ].sort();
  }

  locate(path: WindowsPath): Location {
    const grant = this.#grants.find(
      (candidate) => liesWithin(path, candidate.path) && candidate.real() !== undefined,
    );
    if (grant === undefined) {
      const above = this.#grants.some((candidate) => liesWithin(candidate.path, path));
      return { kind: above ? 'virtual' : 'unmapped', path };
    }
    return locateBelow(grant, path);
  }

  /** Names of mapped folders that appear directly below `path`. */
  mappedBelow(path: WindowsPath): string[] {
    const names = new Map<string, string>();
    for (const grant of this.#grants) {
      if (grant.path.parts.length > path.parts.length && liesWithin(grant.path, path)) {
        const name = grant.path.parts[path.parts.length]!;
        names.set(caseKey(name), name);
      }
    }
    return [...names.values()];
  }

  /** The Windows path of a place on this machine, or undefined when no granted folder holds it. Looks at the text alone. */
  windowsPathOf(host: string): WindowsPath | undefined {
    const wanted = resolve(host);
    for (const grant of this.#grants) {
      const root = grant.real();
      if (root === undefined) continue;
      if (wanted !== root && !wanted.startsWith(root.endsWith(sep) ? root : root + sep)) continue;
      const parsed = parseWindowsPath(wanted.slice(root.length).replace(/^[\\/]/, '') || '.', grant.path);
      if ('path' in parsed) return parsed.path;
    }
    return undefined;
  }
}

function toGrant(grant: FolderGrant): Grant {
  const parsed = parseWindowsPath(grant.windows, DRIVE_C);
  const absolute = /^(?:[a-z]:|[\\/]{2})/i.test(grant.windows);
  if (!('path' in parsed) || !absolute)
    throw new RangeError(
      `'${grant.windows}' is no Windows path; write it as C:\\folder or \\\\server\\share`,
    );
  let real: { readonly folder: string | undefined } | undefined;
  return {
    path: parsed.path,
    access: grant.access,
    real() {
      if (real === undefined) {
        const folder = typeof grant.folder === 'string' ? grant.folder : grant.folder();
        real = { folder: folder === undefined ? undefined : realpathSync(folder) };
      }
      return real.folder;
    },
  };
}

function locateBelow(grant: Grant, path: WindowsPath): Location {
  const root = grant.real()!;
  const names = path.parts.slice(grant.path.parts.length);
  const walked = [...grant.path.parts];
  let host = root;
  let facts: Stats | undefined = statSync(root, { throwIfNoEntry: false });
  for (const [index, name] of names.entries()) {
    if (facts === undefined || !facts.isDirectory()) return { kind: 'no-folder', path };
    const found = findName(host, name, grant.access);
    if (found === undefined) {
      if (index < names.length - 1) return { kind: 'no-folder', path };
      return {
        kind: 'free',
        host: join(host, name),
        grant,
        path: { root: path.root, parts: [...walked, name] },
      };
    }
    host = join(host, found);
    walked.push(found);
    facts = lstatSync(host, { throwIfNoEntry: false });
    if (facts?.isSymbolicLink()) {
      const real = realPathWithin(host, root);
      if (real === undefined) return { kind: 'forbidden', path };
      host = real;
      facts = statSync(host, { throwIfNoEntry: false });
    }
  }
  const located = { host, grant, path: { root: path.root, parts: walked } };
  if (facts?.isDirectory()) return { kind: 'folder', ...located };
  if (facts?.isFile()) return { kind: 'file', ...located };
  return facts === undefined ? { kind: 'no-folder', path } : { kind: 'forbidden', path };
}

/** The entry of `folder` that Windows would find under `name`: the exact one, else the first that differs in case alone. */
function findName(folder: string, name: string, access: Grant['access']): string | undefined {
  // On Windows the disk itself is case-blind and answers to short names (INETPU~1), which only a listing tells apart.
  if (process.platform !== 'win32' && lstatSync(join(folder, name), { throwIfNoEntry: false })) return name;
  // New names are all that is put into a pickup folder, and reading thousands of others for each would take longer than the mail.
  if (process.platform !== 'win32' && access === 'create') return undefined;
  const key = caseKey(name);
  try {
    return readdirSync(folder)
      .sort()
      .find((entry) => caseKey(entry) === key);
  } catch (thrown) {
    if (systemErrorCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Where a link leads, if that is inside `root`. */
function realPathWithin(link: string, root: string): string | undefined {
  try {
    const real = realpathSync(link);
    return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep) ? real : undefined;
  } catch {
    return undefined;
  }
}

/** The entries of a located folder that a script may see: files and folders with names Windows can carry. */
export function visibleEntries(location: { readonly host: string }): Dirent[] {
  return readdirSync(location.host, { withFileTypes: true })
    .filter((entry) => isWindowsName(entry.name))
    .filter((entry) => entry.isFile() || entry.isDirectory() || entry.isSymbolicLink())
    .sort((a, b) => (caseKey(a.name) < caseKey(b.name) ? -1 : 1));
}

function isWindowsName(name: string): boolean {
  const parsed = parseWindowsPath(name, DRIVE_C);
  return 'path' in parsed && parsed.path.parts.length === 1 && parsed.path.parts[0] === name;
}
