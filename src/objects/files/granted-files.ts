/**
 * The files of one script run: current folder, path look-up with the runtime's errors, open handles.
 * Owns: which error a path out of reach gives; opening for reading and writing; how many files stand open.
 * Leaves: text and encodings (text-stream), the object model (file-system-object).
 * Fails: AutomationError with the runtime numbers 52, 53, 58, 67, 70, 76.
 */
import * as fs from 'node:fs';
import { runtimeError, withRuntimeErrors } from '../errors.ts';
import type { FolderMap, Grant, Location } from './folder-map.ts';
import { formatWindowsPath, parseWindowsPath, type WindowsPath } from './windows-path.ts';

export type Present = Extract<Location, { kind: 'file' | 'folder' }>;

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = fs.constants;
/** Links were resolved before; one that appears in between is refused. Windows has no such flag. */
const NO_FOLLOW = O_NOFOLLOW ?? 0;

/**
 * Opens a file whose path was resolved before, and makes sure that it is still that one: another script may meanwhile have moved a
 * folder of the way, and put one in its place that holds a link out. Error 70 when the way leads through a link now.
 */
function openInPlace(host: string, flags: number): number {
  const fd = fs.openSync(host, flags | NO_FOLLOW, 0o666);
  try {
    const opened = fs.fstatSync(fd, { bigint: true });
    const there = fs.lstatSync(host, { bigint: true });
    if (fs.realpathSync(host) === host && opened.ino === there.ino && opened.dev === there.dev) return fd;
  } catch (thrown) {
    fs.closeSync(fd);
    throw thrown;
  }
  fs.closeSync(fd);
  throw runtimeError(70);
}

/** Largest file read as a whole; beyond it error 7. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Most handles kept open at once; older ones are parked and reopened when used, as scripts seldom close what they read. */
const OPEN_HANDLES = 64;

export class GrantedFiles {
  readonly map: FolderMap;
  #current: WindowsPath;
  readonly #handles = new Set<FileHandle>();
  readonly #beforeUse: () => void;

  /**
   * `current` is where relative paths start; a text that is no path leaves `C:\`. `beforeUse` is called before anything of the disk
   * is looked at or touched: what was promised to the disk before is kept first.
   */
  constructor(map: FolderMap, current = 'C:\\', beforeUse: () => void = () => {}) {
    this.map = map;
    this.#beforeUse = beforeUse;
    const parsed = parseWindowsPath(current, { root: 'C:', parts: [] });
    this.#current = 'path' in parsed ? parsed.path : { root: 'C:', parts: [] };
  }

  get currentFolder(): string {
    return formatWindowsPath(this.#current);
  }

  /** Error 76 when there is no such folder. */
  changeFolder(text: string): void {
    this.#current = this.folder(text).path;
  }

  /**
   * The absolute path of what a script wrote. Error 52 for a text that is no file name, 70 for devices.
   * compat: an absolute path of this machine is taken too when it lies in a granted folder, so that a shell can pass one.
   */
  absolute(text: string): WindowsPath {
    if (text.startsWith('/') && !text.startsWith('//')) {
      const own = this.map.windowsPathOf(text);
      if (own !== undefined) return own;
    }
    const parsed = parseWindowsPath(text, this.#current);
    if ('path' in parsed) return parsed.path;
    throw runtimeError(parsed.problem === 'bad-name' ? 52 : 70);
  }

  locate(text: string): Location {
    this.#beforeUse();
    return this.locateOwn(text);
  }

  /** The same for what Mailroot itself does for the script: it sees the folders as they are, and waits for nothing. */
  locateOwn(text: string): Location {
    const path = this.absolute(text);
    return withRuntimeErrors(() => this.map.locate(path));
  }

  /** The existing file at `text`: 53 when there is none, 76 when its folder is missing or not mapped. */
  file(text: string): Present {
    const location = this.locate(text);
    if (location.kind === 'file') {
      if (location.grant.access === 'create') throw runtimeError(70);
      return location;
    }
    if (location.kind === 'forbidden') throw runtimeError(70);
    throw runtimeError(
      location.kind === 'free' || location.kind === 'folder' || location.kind === 'virtual' ? 53 : 76,
    );
  }

  /** The existing folder at `text`, which may be one that only leads to mapped ones: 76 when there is none. */
  folder(text: string): Present | Extract<Location, { kind: 'virtual' }> {
    const location = this.locate(text);
    if (location.kind === 'folder' || location.kind === 'virtual') return location;
    throw runtimeError(location.kind === 'forbidden' ? 70 : 76);
  }

  /**
   * Where a file or folder named `text` may be created or stands already; 70 without the right to write there. `location` is given
   * by who has located it just now.
   */
  writable(
    text: string,
    location: Location = this.locate(text),
  ): Extract<Location, { kind: 'file' | 'folder' | 'free' }> {
    if (location.kind === 'forbidden') throw runtimeError(70);
    if (location.kind === 'virtual') throw runtimeError(70);
    if (location.kind === 'no-folder' || location.kind === 'unmapped') throw runtimeError(76);
    const { access } = location.grant;
    if (access === 'read' || (access === 'create' && location.kind !== 'free')) throw runtimeError(70);
    return location;
  }

  /** Error 70 when what lies in a folder may not be known. */
  requireListing(grant: Grant): void {
    if (grant.access === 'create') throw runtimeError(70);
  }

  openRead(text: string): FileHandle {
    return this.#keep(new FileHandle(this.file(text).host, 'read', 0));
  }

  /** Opens for writing from the start or the end. Creates the file when `create` allows: 53 otherwise, 58 for `new` on an old one. */
  openWrite(text: string, how: 'truncate' | 'append', create: 'new' | 'if-missing' | 'never'): FileHandle {
    const location = this.writable(text);
    if (location.kind === 'folder') throw runtimeError(70);
    if (location.kind === 'free' && create === 'never') throw runtimeError(53);
    if (location.kind === 'file' && create === 'new') throw runtimeError(58);
    return withRuntimeErrors(() => {
      const flags = O_WRONLY | (location.kind === 'free' ? O_CREAT | O_EXCL : 0);
      const fd = openInPlace(location.host, flags);
      // Only now is it certain which file this is; emptied at opening, another one would have been harmed.
      if (how === 'truncate') fs.ftruncateSync(fd);
      fs.closeSync(fd);
      const position = how === 'append' ? fs.statSync(location.host).size : 0;
      return this.#keep(new FileHandle(location.host, 'write', position));
    });
  }

  /** Whole content of the file a script names. */
  readAll(text: string): Buffer {
    const { host } = this.file(text);
    return withRuntimeErrors(() => {
      const fd = openInPlace(host, O_RDONLY);
      try {
        if (fs.fstatSync(fd).size > MOST_BYTES) throw runtimeError(7);
        return fs.readFileSync(fd);
      } finally {
        fs.closeSync(fd);
      }
    });
  }

  /** Writes a whole file; 58 when it exists and may not be replaced. */
  writeAll(text: string, bytes: Uint8Array, existing: 'replace' | 'refuse'): void {
    const handle = this.openWrite(text, 'truncate', existing === 'refuse' ? 'new' : 'if-missing');
    try {
      handle.write(bytes);
    } finally {
      handle.close();
    }
  }

  /** Closes whatever the script left open. */
  closeAll(): void {
    for (const handle of this.#handles) handle.close();
    this.#handles.clear();
  }

  #keep(handle: FileHandle): FileHandle {
    handle.attach(this.#handles, this.#beforeUse);
    handle.open();
    return handle;
  }
}

/** One open file with a position of its own. It may be parked – closed for a while – without the user noticing. */
export class FileHandle {
  readonly #host: string;
  readonly #direction: 'read' | 'write';
  #position: number;
  #fd: number | undefined;
  #isClosed = false;
  #all: Set<FileHandle> | undefined;
  #beforeUse: () => void = () => {};

  constructor(host: string, direction: 'read' | 'write', position: number) {
    this.#host = host;
    this.#direction = direction;
    this.#position = position;
  }

  /** `all` holds the handles that have a descriptor now, oldest first. */
  attach(all: Set<FileHandle>, beforeUse: () => void): void {
    this.#all = all;
    this.#beforeUse = beforeUse;
  }

  open(): number {
    if (this.#isClosed) throw runtimeError(91);
    this.#beforeUse();
    if (this.#fd === undefined) {
      this.#fd = withRuntimeErrors(() =>
        openInPlace(this.#host, this.#direction === 'read' ? O_RDONLY : O_WRONLY),
      );
      this.#all?.add(this);
      if (this.#all !== undefined && this.#all.size > OPEN_HANDLES) this.#parkOldestOther(this.#all);
    }
    return this.#fd;
  }

  /** Up to `into.length` bytes from the position on; 0 at the end. */
  read(into: Uint8Array): number {
    const count = withRuntimeErrors(() => fs.readSync(this.open(), into, 0, into.length, this.#position));
    this.#position += count;
    return count;
  }

  write(bytes: Uint8Array): void {
    const fd = this.open();
    for (let done = 0; done < bytes.length; ) {
      const count = withRuntimeErrors(() =>
        fs.writeSync(fd, bytes, done, bytes.length - done, this.#position),
      );
      this.#position += count;
      done += count;
    }
  }

  /** Gives the descriptor back; the next use opens the file again where it was. */
  park(): void {
    if (this.#fd !== undefined) fs.closeSync(this.#fd);
    this.#fd = undefined;
    this.#all?.delete(this);
  }

  close(): void {
    this.park();
    this.#isClosed = true;
  }

  #parkOldestOther(all: Set<FileHandle>): void {
    for (const handle of all) {
      if (handle === this) continue;
      handle.park();
      return;
    }
  }
}
