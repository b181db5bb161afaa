/**
 * From a path of the site to a file of the disk.
 * Owns: names in any case on disks that tell cases apart, staying below the site's folder, remembering for a moment.
 * Leaves: which paths are allowed at all (site-path), reading files (static answers, page threads).
 * Fails: what cannot be read is not there; a folder without rights gives 'forbidden'.
 * Sources: doc "IIS: URLs are not case-sensitive".
 */
import type { Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { systemErrorCode } from '../../base/index.ts';

export type SiteEntry =
  | { readonly kind: 'file'; readonly file: string; readonly bytes: number; readonly modifiedAtMs: number }
  | { readonly kind: 'folder'; readonly file: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'forbidden' };

/** How long a path that was found is not looked up again: an edit shows after this at the latest. */
const REMEMBERED_MS = 500;
const MOST_REMEMBERED = 5000;
const NONE: SiteEntry = { kind: 'none' };

export class SiteFiles {
  /** The folder without symbolic links. */
  readonly root: string;
  readonly #now: () => number;
  readonly #found = new Map<string, { readonly entry: SiteEntry; readonly until: number }>();

  /** `now` is monotonic, in milliseconds. */
  private constructor(root: string, now: () => number) {
    this.root = root;
    this.#now = now;
  }

  /** Throws the system's error when there is no such folder. */
  static async open(folder: string, now: () => number): Promise<SiteFiles> {
    const root = await realpath(folder);
    // Reads the folder once, so that a missing right is told at the start and not to a visitor.
    await readdir(root);
    return new SiteFiles(root, now);
  }

  /** `path` as site-path made it. */
  async find(path: string): Promise<SiteEntry> {
    const known = this.#found.get(path);
    if (known !== undefined && known.until > this.#now()) return known.entry;
    const entry = await this.#look(path);
    this.#found.delete(path);
    // What is not there is not remembered: there is no end of such names.
    if (entry.kind === 'file' || entry.kind === 'folder') {
      if (this.#found.size >= MOST_REMEMBERED) this.#found.delete(this.#found.keys().next().value!);
      this.#found.set(path, { entry, until: this.#now() + REMEMBERED_MS });
    }
    return entry;
  }

  async #look(path: string): Promise<SiteEntry> {
    try {
      const file = await this.#walk(path.split('/').filter((name) => name !== ''));
      if (file === undefined) return NONE;
      const real = await realpath(file);
      if (real !== this.root && !real.startsWith(this.root.endsWith(sep) ? this.root : this.root + sep))
        return NONE;
      return entryOf(real, await stat(real), path.endsWith('/'));
    } catch (thrown) {
      const code = systemErrorCode(thrown);
      return code === 'EACCES' || code === 'EPERM' ? { kind: 'forbidden' } : NONE;
    }
  }

  /** Name by name: as written first, else in any case. */
  async #walk(names: readonly string[]): Promise<string | undefined> {
    const direct = join(this.root, ...names);
    if (await exists(direct)) return direct;
    let here = this.root;
    for (const name of names) {
      const next = join(here, name);
      if (await exists(next)) {
        here = next;
        continue;
      }
      const folded = name.toLowerCase();
      const match = (await readdir(here)).find((candidate) => candidate.toLowerCase() === folded);
      if (match === undefined) return undefined;
      here = join(here, match);
    }
    return here;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return false;
    throw thrown;
  }
}

/** `page.asp/` is no file: a trailing slash asks for a folder. */
function entryOf(file: string, facts: Stats, wantsFolder: boolean): SiteEntry {
  if (facts.isDirectory()) return { kind: 'folder', file };
  if (!facts.isFile() || wantsFolder) return NONE;
  return { kind: 'file', file, bytes: facts.size, modifiedAtMs: facts.mtimeMs };
}
