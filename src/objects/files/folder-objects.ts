/**
 * Drive, Folder and File with their collections, as scripts see them.
 * Owns: legacy names and enumeration.  Leaves: the work (file-system, file-operations).
 * Sources: doc "Drive object", "Folder object", "File object", "Files collection".
 */
import {
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  type Member,
  NOTHING,
} from '../../automation/index.ts';
import { booleanAt, longAt, plainOf, textAt, textOf } from '../arguments.ts';
import { runtimeError } from '../errors.ts';
import { copy, move, remove } from './file-operations.ts';
import { type FileSystem, TRISTATE } from './file-system.ts';
import { textStreamFace } from './text-stream.ts';
import {
  buildPath,
  driveName,
  extensionName,
  fileName,
  formatWindowsPath,
  parentFolderName,
} from './windows-path.ts';

/** A file or folder a script holds: its absolute path, which Move and a new Name change. */
class Entry {
  readonly system: FileSystem;
  readonly kind: 'file' | 'folder';
  path: string;

  constructor(system: FileSystem, kind: 'file' | 'folder', path: string) {
    this.system = system;
    this.kind = kind;
    this.path = path;
  }

  rename(name: string): void {
    if (name === '') throw runtimeError(5);
    if (/[\\/:]/.test(name)) throw runtimeError(52);
    this.moveTo(buildPath(parentFolderName(this.path), name));
  }

  moveTo(target: string): void {
    const end = /[\\/]$/.test(target) ? buildPath(target, fileName(this.path)) : target;
    move(this.system.files, this.kind, this.path, end);
    this.path = formatWindowsPath(this.system.files.absolute(end));
  }
}

class Drive {
  readonly system: FileSystem;
  readonly root: string;

  constructor(system: FileSystem, root: string) {
    this.system = system;
    this.root = root;
  }

  get isShare(): boolean {
    return this.root.startsWith('\\');
  }

  space(which: 'free' | 'available' | 'total'): number {
    const space = this.system.space(this.root);
    if (space === undefined) throw runtimeError(71);
    return space[which];
  }
}

class Entries {
  readonly system: FileSystem;
  readonly kind: 'file' | 'folder';
  readonly path: string;

  constructor(system: FileSystem, kind: 'file' | 'folder', path: string) {
    this.system = system;
    this.kind = kind;
    this.path = path;
  }

  names(): string[] {
    return this.system.namesIn(this.path, this.kind);
  }

  /** By name alone: these collections have no positions. */
  item(key: string): AutomationObject {
    const name = this.names().find((candidate) => candidate.toUpperCase() === key.toUpperCase());
    if (name === undefined) throw runtimeError(this.kind === 'file' ? 53 : 76);
    return this.face(name);
  }

  face(name: string): AutomationObject {
    return entryFace(new Entry(this.system, this.kind, buildPath(this.path, name)));
  }
}

type EntryMember = Member<Entry>;

const COMMON: Record<string, EntryMember> = {
  Path: { arity: [0, 0], get: (self) => self.path },
  Name: {
    arity: [0, 0],
    get: (self) => fileName(self.path),
    put: (self, args) => self.rename(textAt(args, 0)),
  },
  ShortName: { arity: [0, 0], get: (self) => fileName(self.path) },
  ShortPath: { arity: [0, 0], get: (self) => self.path },
  Drive: { arity: [0, 0], get: (self) => driveFace(new Drive(self.system, driveName(self.path))) },
  ParentFolder: {
    arity: [0, 0],
    get: (self) => {
      const parent = parentFolderName(self.path);
      return parent === '' ? NOTHING : folderFace(new Entry(self.system, 'folder', parent));
    },
  },
  Attributes: {
    arity: [0, 0],
    get: (self) => self.system.attributes(self.path, self.kind),
    put: (self, args) => self.system.setAttributes(self.path, longAt(args, 0)),
  },
  DateCreated: { arity: [0, 0], get: (self) => self.system.date(self.path, self.kind, 'birthtime') },
  DateLastAccessed: { arity: [0, 0], get: (self) => self.system.date(self.path, self.kind, 'atime') },
  DateLastModified: { arity: [0, 0], get: (self) => self.system.date(self.path, self.kind, 'mtime') },
  Size: { arity: [0, 0], get: (self) => self.system.size(self.path, self.kind) },
  Delete: {
    arity: [0, 1],
    call: (self, args) =>
      remove(self.system.files, self.kind, self.path, booleanAt(args, 0, false)) as undefined,
  },
  Move: { arity: [1, 1], call: (self, args) => self.moveTo(textAt(args, 0)) as undefined },
  Copy: {
    arity: [1, 2],
    call: (self, args) =>
      copy(
        self.system.files,
        self.kind,
        self.path,
        textAt(args, 0),
        booleanAt(args, 1, true) ? 'replace' : 'refuse',
      ) as undefined,
  },
};

const TYPE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    TXT: 'Text Document',
    LOG: 'Text Document',
    HTM: 'HTML Document',
    HTML: 'HTML Document',
    VBS: 'VBScript Script File',
    EML: 'E-mail Message',
    XML: 'XML Document',
  }),
);

const fileFace: (self: Entry) => AutomationObject = automationFace<Entry>({
  name: 'File',
  defaultMember: 'Path',
  members: {
    ...COMMON,
    Type: {
      arity: [0, 0],
      get: (self) => {
        const extension = extensionName(self.path).toUpperCase();
        return TYPE_NAMES.get(extension) ?? (extension === '' ? 'File' : `${extension} File`);
      },
    },
    OpenAsTextStream: {
      arity: [0, 2],
      call: (self, args) =>
        textStreamFace(
          self.system.openTextFile(self.path, longAt(args, 0, 1), false, longAt(args, 1, TRISTATE.ansi)),
        ),
    },
  },
});

const folderFace: (self: Entry) => AutomationObject = automationFace<Entry>({
  name: 'Folder',
  defaultMember: 'Path',
  members: {
    ...COMMON,
    Type: { arity: [0, 0], get: () => 'File folder' },
    IsRootFolder: { arity: [0, 0], get: (self) => parentFolderName(self.path) === '' },
    Files: { arity: [0, 0], get: (self) => filesFace(new Entries(self.system, 'file', self.path)) },
    SubFolders: {
      arity: [0, 0],
      get: (self) => foldersFace(new Entries(self.system, 'folder', self.path)),
    },
    CreateTextFile: {
      arity: [1, 3],
      call: (self, args) =>
        textStreamFace(
          self.system.createTextFile(
            buildPath(self.path, textAt(args, 0)),
            booleanAt(args, 1, true),
            booleanAt(args, 2, false),
          ),
        ),
    },
  },
});

function entryFace(entry: Entry): AutomationObject {
  return entry.kind === 'file' ? fileFace(entry) : folderFace(entry);
}

function collection(name: string, more: Record<string, Member<Entries>> = {}) {
  return automationFace<Entries>({
    name,
    defaultMember: 'Item',
    members: {
      Count: { arity: [0, 0], get: (self) => self.names().length },
      Item: { arity: [1, 1], get: (self, args) => self.item(textOf(plainOf(args[0]))) },
      ...more,
    },
    *enumerate(self) {
      for (const entry of self.names()) yield self.face(entry);
    },
  });
}

const filesFace: (self: Entries) => AutomationObject = collection('Files');
const foldersFace: (self: Entries) => AutomationObject = collection('Folders', {
  Add: {
    arity: [1, 1],
    call: (self, args) => {
      const path = buildPath(self.path, textAt(args, 0));
      self.system.createFolder(path);
      return folderFace(new Entry(self.system, 'folder', path));
    },
  },
});

const driveFace: (self: Drive) => AutomationObject = automationFace<Drive>({
  name: 'Drive',
  defaultMember: 'Path',
  members: {
    Path: { arity: [0, 0], get: (self) => self.root },
    DriveLetter: { arity: [0, 0], get: (self) => (self.isShare ? '' : self.root.slice(0, 1)) },
    ShareName: { arity: [0, 0], get: (self) => (self.isShare ? self.root : '') },
    DriveType: { arity: [0, 0], get: (self) => (self.isShare ? 3 : 2) },
    FileSystem: { arity: [0, 0], get: () => 'NTFS' },
    IsReady: { arity: [0, 0], get: (self) => self.system.space(self.root) !== undefined },
    RootFolder: {
      arity: [0, 0],
      get: (self) =>
        folderFace(new Entry(self.system, 'folder', self.isShare ? self.root : `${self.root}\\`)),
    },
    AvailableSpace: { arity: [0, 0], get: (self) => self.space('available') },
    FreeSpace: { arity: [0, 0], get: (self) => self.space('free') },
    TotalSize: { arity: [0, 0], get: (self) => self.space('total') },
    SerialNumber: { arity: [0, 0], get: () => 0 },
    VolumeName: {
      arity: [0, 0],
      get: () => '',
      put: () => {
        throw runtimeError(70);
      },
    },
  },
});

/** The File at `text`; 53 when there is none. */
export function fileObject(system: FileSystem, text: string): AutomationObject {
  const { path } = system.files.file(text);
  return fileFace(new Entry(system, 'file', formatWindowsPath(path)));
}

/** The Folder at `text`; 76 when there is none. */
export function folderObject(system: FileSystem, text: string): AutomationObject {
  const { path } = system.files.folder(text);
  return folderFace(new Entry(system, 'folder', formatWindowsPath(path)));
}

/** A Folder that is not looked for: the special ones, which a script may only name. */
export function namedFolder(system: FileSystem, path: string): AutomationObject {
  return folderFace(new Entry(system, 'folder', path));
}

/** The Drive of `spec`: `C`, `C:`, `C:\` or a share. 68 when nothing of it is mapped, 5 for what names no drive. */
export function driveObject(system: FileSystem, spec: string): AutomationObject {
  if (!/^(?:[a-z](?::[\\/]?)?|[\\/]{2}[^\\/]+[\\/][^\\/]+[\\/]?)$/i.test(spec)) throw runtimeError(5);
  const root = driveRoot(system, spec);
  if (root === undefined) throw runtimeError(68);
  return driveFace(new Drive(system, root));
}

export function driveRoot(system: FileSystem, spec: string): string | undefined {
  const wanted = /^[a-z]$/i.test(spec) ? `${spec}:` : spec.replace(/[\\/]+$/, '').replaceAll('/', '\\');
  return system.files.map.roots().find((root) => root.toUpperCase() === wanted.toUpperCase());
}

export const drivesFace: (system: FileSystem) => AutomationObject = automationFace<FileSystem>({
  name: 'Drives',
  defaultMember: 'Item',
  members: {
    Count: { arity: [0, 0], get: (system) => system.files.map.roots().length },
    Item: {
      arity: [1, 1],
      get: (system, args: readonly AutomationArgument[]): AutomationValue =>
        driveObject(system, textAt(args, 0)),
    },
  },
  *enumerate(system) {
    for (const root of system.files.map.roots()) yield driveFace(new Drive(system, root));
  },
});
