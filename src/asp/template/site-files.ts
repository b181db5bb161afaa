/**
 * The files of a site by virtual path, as templates are read.
 * Owns: from `/inc/top.asp` to a file below the site's folder, stamps that show a change, text in a code page.
 * Leaves: what is in the files.  Fails: a path that leads nowhere or out of the site gives undefined.
 *
 * A file without byte-order mark is read in the page's code page and its HTML is written in the same, so bytes that the
 * author put there reach the browser as they are.
 */
import { readFileSync, statSync } from 'node:fs';
import { ansiEncoding, FolderMap, parseWindowsPath, UTF16, type WindowsPath } from '../../objects/index.ts';
import type { PageSite } from '../contract.ts';

export type SiteFile = {
  /** Virtual path, spelled as the disk has it. */
  readonly path: string;
  /** The file of this machine. */
  readonly host: string;
  /** Differs when the file has changed. */
  readonly stamp: string;
  readonly bytes: Buffer;
};

/** Most bytes of one page or include. */
const MOST_BYTES = 32 * 1024 * 1024;

export class SiteFiles {
  readonly #map: FolderMap;
  readonly #root: WindowsPath;

  /** Throws RangeError when `windowsFolder` is no Windows path. */
  constructor(site: Pick<PageSite, 'folder' | 'windowsFolder'>) {
    this.#map = new FolderMap([{ windows: site.windowsFolder, folder: site.folder, access: 'read' }]);
    this.#root = this.#map.grants[0]!.path;
  }

  /** The file at a virtual path from the root; undefined when there is none. */
  read(path: string): SiteFile | undefined {
    const virtual = resolveVirtual(path);
    if (virtual === undefined || virtual === '/' || /^\/[a-z]:/i.test(virtual)) return undefined;
    const parsed = parseWindowsPath(virtual.slice(1), this.#root);
    if (!('path' in parsed)) return undefined;
    const location = this.#map.locate(parsed.path);
    if (location.kind !== 'file') return undefined;
    const stamp = stampOf(location.host);
    if (stamp === undefined) return undefined;
    const bytes = readFileSync(location.host);
    if (bytes.length > MOST_BYTES) return undefined;
    const names = location.path.parts.slice(this.#root.parts.length);
    return { path: `/${names.join('/')}`, host: location.host, stamp, bytes };
  }
}

/** A virtual path without `.` and `..`; undefined when it leads above the root. */
export function resolveVirtual(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** What tells one version of a file from the next; undefined: there is no such file. */
export function stampOf(host: string): string | undefined {
  const facts = statSync(host, { throwIfNoEntry: false });
  return facts?.isFile() ? `${facts.mtimeMs} ${facts.size} ${facts.ino}` : undefined;
}

/** Differs when an entry of the folder was added or removed; undefined: there is no such folder. */
export function folderStamp(folder: string): string | undefined {
  const facts = statSync(folder, { throwIfNoEntry: false });
  return facts && `${facts.mtimeMs} ${facts.ino}`;
}

/** The code page that a byte-order mark stands for. */
export function markedCodePage(bytes: Buffer): 65001 | 1200 | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 65001;
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 1200 : undefined;
}

/** The text of a file: by its byte-order mark, else in the page's code page. */
export function pageText(bytes: Buffer, codePage: number): string {
  const marked = markedCodePage(bytes);
  if (marked === 65001) return bytes.toString('utf8', 3);
  if (marked === 1200) return UTF16.decoder().decode(bytes.subarray(2));
  if (codePage === 65001) return bytes.toString('utf8');
  const decoder = ansiEncoding(codePage).decoder();
  return decoder.decode(bytes) + decoder.end();
}
