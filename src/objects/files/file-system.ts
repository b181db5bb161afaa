/**
 * The scripting library's file system: what FileSystemObject, Folder, File and Drive do, without their members' names.
 * Owns: creating and opening text files, facts of files, folders and drives.  Leaves: legacy names (file-system-object, folder-objects).
 */
import { randomInt } from 'node:crypto';
import * as fs from 'node:fs';
import { dateValue, type Scalar } from '../../automation/index.ts';
import { runtimeError, withRuntimeErrors } from '../errors.ts';
import type { ObjectScope } from '../scope.ts';
import { ansiEncoding, type TextEncoding, UTF16 } from './encoding.ts';
import { isReadOnly } from './file-operations.ts';
import { visibleEntries } from './folder-map.ts';
import type { FileHandle, GrantedFiles } from './granted-files.ts';
import { fileSink, fileSource, TextStream } from './text-stream.ts';
import { buildPath, caseKey, formatWindowsPath } from './windows-path.ts';

export const IO_MODE = { reading: 1, writing: 2, appending: 8 } as const;

/** Tristate of OpenTextFile: -1 UTF-16, 0 ANSI, -2 whatever the file's first bytes say. */
export const TRISTATE = { unicode: -1, ansi: 0, fromFile: -2 } as const;

export const ATTRIBUTE = { readOnly: 1, hidden: 2, folder: 16, archive: 32 } as const;

const BYTE_ORDER_MARK = Buffer.from([0xff, 0xfe]);

export class FileSystem {
  readonly scope: ObjectScope;
  readonly files: GrantedFiles;

  constructor(scope: ObjectScope) {
    this.scope = scope;
    this.files = scope.files;
  }

  createTextFile(text: string, overwrite: boolean, unicode: boolean): TextStream {
    const file = this.files.openWrite(text, 'truncate', overwrite ? 'if-missing' : 'new');
    if (unicode) file.write(BYTE_ORDER_MARK);
    return new TextStream({ sink: fileSink(file, unicode ? UTF16 : this.#ansi()) });
  }

  openTextFile(text: string, mode: number, create: boolean, format: number): TextStream {
    if (format !== TRISTATE.unicode && format !== TRISTATE.ansi && format !== TRISTATE.fromFile)
      throw runtimeError(5);
    const mayCreate = create ? 'if-missing' : 'never';
    if (mode === IO_MODE.reading) {
      if (create && this.files.locate(text).kind === 'free')
        this.files.openWrite(text, 'append', 'if-missing').close();
      const isUnicode = this.#isUnicode(text, format);
      const file = this.files.openRead(text);
      return new TextStream({ source: fileSource(file, isUnicode ? UTF16 : this.#ansi(), isUnicode) });
    }
    if (mode === IO_MODE.appending) {
      const isPresent = this.files.locate(text).kind === 'file';
      const isUnicode = this.#isUnicode(
        text,
        isPresent || format !== TRISTATE.fromFile ? format : TRISTATE.ansi,
      );
      const file = this.files.openWrite(text, 'append', mayCreate);
      return this.#writer(file, isUnicode, !isPresent);
    }
    if (mode !== IO_MODE.writing) throw runtimeError(5);
    return this.#writer(this.files.openWrite(text, 'truncate', mayCreate), format === TRISTATE.unicode, true);
  }

  createFolder(text: string): void {
    const location = this.files.writable(text);
    if (location.kind !== 'free') throw runtimeError(58);
    withRuntimeErrors(() => fs.mkdirSync(location.host));
  }

  fileExists(text: string): boolean {
    return this.#kindAt(text) === 'file';
  }

  folderExists(text: string): boolean {
    const kind = this.#kindAt(text);
    return kind === 'folder' || kind === 'virtual';
  }

  /** Names of the files or folders in a folder, as Windows sorts them. */
  namesIn(text: string, kind: 'file' | 'folder'): string[] {
    const location = this.files.folder(text);
    const names = new Map<string, string>();
    if (location.kind === 'folder') {
      this.files.requireListing(location.grant);
      const entries = withRuntimeErrors(() => visibleEntries(location));
      for (const entry of entries) {
        if (
          this.files.map.locate({ ...location.path, parts: [...location.path.parts, entry.name] }).kind ===
          kind
        )
          names.set(caseKey(entry.name), entry.name);
      }
    }
    if (kind === 'folder')
      for (const name of this.files.map.mappedBelow(location.path)) names.set(caseKey(name), name);
    return [...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name);
  }

  /** Facts of what lies at the path; a folder that only leads to mapped ones has those of the moment. */
  facts(text: string, kind: 'file' | 'folder'): fs.Stats | undefined {
    const location = kind === 'file' ? this.files.file(text) : this.files.folder(text);
    if (location.kind === 'virtual') return undefined;
    return withRuntimeErrors(() => fs.statSync(location.host));
  }

  attributes(text: string, kind: 'file' | 'folder'): number {
    const facts = this.facts(text, kind);
    const isHidden = /[\\/]\.[^\\/]*$/.test(formatWindowsPath(this.files.absolute(text)));
    return (
      (kind === 'folder' ? ATTRIBUTE.folder : ATTRIBUTE.archive) |
      (facts !== undefined && isReadOnly(facts) ? ATTRIBUTE.readOnly : 0) |
      (isHidden ? ATTRIBUTE.hidden : 0)
    );
  }

  /** Only the read-only mark means anything on every platform; the others are taken and forgotten. */
  setAttributes(text: string, attributes: number): void {
    const location = this.files.writable(text);
    if (location.kind === 'free') throw runtimeError(53);
    withRuntimeErrors(() => {
      const { mode } = fs.statSync(location.host);
      fs.chmodSync(location.host, (attributes & ATTRIBUTE.readOnly) !== 0 ? mode & ~0o222 : mode | 0o200);
    });
  }

  /** Bytes in a file or in everything below a folder. */
  size(text: string, kind: 'file' | 'folder'): number {
    if (kind === 'file') return this.facts(text, kind)?.size ?? 0;
    let sum = 0;
    for (const name of this.namesIn(text, 'file')) sum += this.size(buildPath(text, name), 'file');
    for (const name of this.namesIn(text, 'folder')) sum += this.size(buildPath(text, name), 'folder');
    return sum;
  }

  date(text: string, kind: 'file' | 'folder', which: 'birthtime' | 'atime' | 'mtime'): Scalar {
    const date = this.facts(text, kind)?.[which] ?? new Date();
    // FAT and OLE dates have whole seconds; scripts compare them as text.
    return dateValue(new Date(Math.floor(date.getTime() / 1000) * 1000));
  }

  /** Room on the disk behind a drive: undefined when nothing of it is mapped. */
  space(
    root: string,
  ): { readonly free: number; readonly available: number; readonly total: number } | undefined {
    const folder = this.files.map.grants
      .filter((candidate) => caseKey(candidate.path.root) === caseKey(root))
      .map((candidate) => candidate.real())
      .find((real) => real !== undefined);
    if (folder === undefined) return undefined;
    const facts = withRuntimeErrors(() => fs.statfsSync(folder));
    return {
      free: facts.bfree * facts.bsize,
      available: facts.bavail * facts.bsize,
      total: facts.blocks * facts.bsize,
    };
  }

  temporaryName(): string {
    return `rad${randomInt(0x10_0000).toString(16).toUpperCase().padStart(5, '0')}.tmp`;
  }

  #kindAt(text: string): string {
    try {
      return this.files.locate(text).kind;
    } catch {
      // FileExists and FolderExists answer False for anything that is no path.
      return 'none';
    }
  }

  #writer(file: FileHandle, unicode: boolean, isNew: boolean): TextStream {
    if (unicode && isNew) file.write(BYTE_ORDER_MARK);
    return new TextStream({ sink: fileSink(file, unicode ? UTF16 : this.#ansi()) });
  }

  #isUnicode(text: string, format: number): boolean {
    if (format !== TRISTATE.fromFile) return format === TRISTATE.unicode;
    const file = this.files.openRead(text);
    try {
      const head = Buffer.alloc(2);
      return file.read(head) === 2 && head.equals(BYTE_ORDER_MARK);
    } finally {
      file.close();
    }
  }

  #ansi(): TextEncoding {
    return ansiEncoding(this.scope.machine.codePage);
  }
}
