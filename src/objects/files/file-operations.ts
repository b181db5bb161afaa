/**
 * Copy, move and delete, for one name or a wildcard in the last name of a path.
 * Owns: what the scripting library allows and which error it gives.  Leaves: look-up and rights (granted-files).
 * Sources: doc "CopyFile Method", "CopyFolder Method", "MoveFile Method", "DeleteFolder Method".
 */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { runtimeError, withRuntimeErrors } from '../errors.ts';
import { systemErrorCode } from '../system-error.ts';
import { type Location, visibleEntries } from './folder-map.ts';
import type { GrantedFiles, Present } from './granted-files.ts';
import { buildPath, caseKey, fileName, parentFolderName } from './windows-path.ts';

type Kind = 'file' | 'folder';

/** The error when nothing of that kind has the name. */
const NONE: Readonly<Record<Kind, 53 | 76>> = { file: 53, folder: 76 };

export function copy(
  files: GrantedFiles,
  kind: Kind,
  source: string,
  target: string,
  existing: 'replace' | 'refuse',
): void {
  for (const { name, text } of sources(files, kind, source)) {
    const to = targetOf(files, source, name, target);
    if (kind === 'file') copyFile(files, text, to, existing);
    else copyFolder(files, text, to, existing);
  }
}

export function move(files: GrantedFiles, kind: Kind, source: string, target: string): void {
  for (const { name, text } of sources(files, kind, source)) {
    const from = files.writable(text);
    const end = targetOf(files, source, name, target);
    const to = files.writable(end);
    const host = to.kind === 'free' ? to.host : newSpelling(from, to, files.absolute(end).parts.at(-1));
    if (host === undefined) throw runtimeError(58);
    if (to.kind === 'free' && from.kind === 'folder' && `${host}/`.startsWith(`${from.host}/`))
      throw runtimeError(70);
    withRuntimeErrors(() => {
      try {
        fs.renameSync(from.host, host);
      } catch (thrown) {
        if (systemErrorCode(thrown) !== 'EXDEV' || from.kind !== 'file') throw thrown;
        fs.copyFileSync(from.host, host, fs.constants.COPYFILE_EXCL);
        fs.unlinkSync(from.host);
      }
    });
  }
}

/** The same file or folder under its name in other letters' case, as Windows lets one rename it; else `undefined`. */
function newSpelling(from: Location, to: Location, name: string | undefined): string | undefined {
  if ((from.kind !== 'file' && from.kind !== 'folder') || (to.kind !== 'file' && to.kind !== 'folder'))
    return undefined;
  if (name === undefined || from.host !== to.host || isGrantRoot(from)) return undefined;
  const host = join(dirname(from.host), name);
  return host === from.host ? undefined : host;
}

/** `force` deletes what is marked read-only too. */
export function remove(files: GrantedFiles, kind: Kind, spec: string, force: boolean): void {
  for (const { text } of sources(files, kind, spec)) {
    const location = files.writable(text);
    withRuntimeErrors(() => {
      if (kind === 'folder') {
        if (location.kind !== 'folder') throw runtimeError(76);
        if (isGrantRoot(location)) throw runtimeError(70);
        if (!force) refuseReadOnlyBelow(location.host);
        fs.rmSync(location.host, { recursive: true });
        return;
      }
      if (!force && isReadOnly(fs.statSync(location.host))) throw runtimeError(70);
      fs.unlinkSync(location.host);
    });
  }
}

export function isReadOnly(facts: fs.Stats): boolean {
  return (facts.mode & 0o200) === 0;
}

/** What a source text names: itself, or each match of its wildcard. Nothing: 53 or 76. */
function sources(files: GrantedFiles, kind: Kind, spec: string): { name: string; text: string }[] {
  const text = spec.replace(/(?<=[^\\/:])[\\/]+$/, '');
  const name = fileName(text);
  if (!/[*?]/.test(name)) {
    if (files.locate(text).kind !== kind) throw runtimeError(notThere(files.locate(text), kind));
    return [{ name, text }];
  }
  const parent = parentFolderName(text) || '.';
  const folder = files.folder(parent);
  if (folder.kind === 'folder') files.requireListing(folder.grant);
  const matches = wildcard(name);
  const found =
    folder.kind === 'virtual'
      ? []
      : visibleEntries(folder)
          .map((entry) => ({ name: entry.name, text: buildPath(parent, entry.name) }))
          .filter((entry) => matches(entry.name) && files.locate(entry.text).kind === kind);
  if (found.length === 0) throw runtimeError(NONE[kind]);
  return found;
}

function notThere(location: Location, kind: Kind): 53 | 70 | 76 {
  if (location.kind === 'forbidden') return 70;
  return location.kind === 'no-folder' || location.kind === 'unmapped' ? 76 : NONE[kind];
}

/**
 * `*` and `?` as the file system takes them; `*.*` means every name. Name and pattern are walked side by side and no place is
 * looked at twice: as a regular expression, `*a*a*a*a*b` would be tried in more ways than there is time for.
 */
function wildcard(pattern: string): (name: string) => boolean {
  if (pattern === '*.*') return () => true;
  const wanted = caseKey(pattern);
  return (name) => {
    const letters = caseKey(name);
    // places[n]: what stands before `at` in the pattern can cover the first n letters. `?` may stand for no letter.
    let places: boolean[] = Array.from({ length: letters.length + 1 }, (_, n) => n === 0);
    for (const mark of wanted) {
      const next: boolean[] = [];
      for (let n = 0; n <= letters.length; n += 1) {
        if (mark === '*') next.push(places[n]! || (n > 0 && next[n - 1]!));
        else if (mark === '?') next.push(places[n]! || (n > 0 && places[n - 1]!));
        else next.push(n > 0 && places[n - 1]! && letters[n - 1] === mark);
      }
      places = next;
    }
    return places[letters.length]!;
  };
}

/** A target that ends in a separator, or takes many, is a folder that receives the names. */
function targetOf(files: GrantedFiles, source: string, name: string, target: string): string {
  const isFolder = /[\\/]$/.test(target) || /[*?]/.test(fileName(source));
  if (!isFolder) return target;
  if (files.locate(target).kind !== 'folder') throw runtimeError(76);
  return buildPath(target, name);
}

function copyFile(files: GrantedFiles, source: string, target: string, existing: 'replace' | 'refuse'): void {
  const from = files.file(source);
  const to = files.writable(target);
  if (to.kind === 'folder') throw runtimeError(70);
  if (to.kind === 'file' && existing === 'refuse') throw runtimeError(58);
  if (to.kind === 'file' && to.host === from.host) throw runtimeError(70);
  withRuntimeErrors(() => {
    fs.copyFileSync(from.host, to.host, to.kind === 'free' ? fs.constants.COPYFILE_EXCL : 0);
  });
}

function copyFolder(
  files: GrantedFiles,
  source: string,
  target: string,
  existing: 'replace' | 'refuse',
): void {
  const from = files.folder(source);
  if (from.kind === 'virtual') throw runtimeError(70);
  files.requireListing(from.grant);
  const to = files.writable(target);
  if (to.kind === 'file') throw runtimeError(58);
  if (`${to.host}/`.startsWith(`${from.host}/`)) throw runtimeError(70);
  withRuntimeErrors(() => copyTree(files, from, source, target, existing));
}

function copyTree(
  files: GrantedFiles,
  from: Present,
  source: string,
  target: string,
  existing: 'replace' | 'refuse',
): void {
  const to = files.writable(target);
  if (to.kind === 'file') throw runtimeError(58);
  if (to.kind === 'free') fs.mkdirSync(to.host);
  for (const entry of visibleEntries(from)) {
    const inner = buildPath(source, entry.name);
    const location = files.locate(inner);
    if (location.kind === 'folder' && location.grant.access === 'create') throw runtimeError(70);
    if (location.kind === 'folder') copyTree(files, location, inner, buildPath(target, entry.name), existing);
    else if (location.kind === 'file') copyFile(files, inner, buildPath(target, entry.name), existing);
    else throw runtimeError(70);
  }
}

/** A mapped folder itself stays; only what lies in it may go. */
function isGrantRoot(location: Present): boolean {
  return location.host === location.grant.real();
}

function refuseReadOnlyBelow(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const host = join(folder, entry.name);
    if (entry.isDirectory()) refuseReadOnlyBelow(host);
    else if (entry.isFile() && isReadOnly(fs.statSync(host))) throw runtimeError(70);
  }
}
