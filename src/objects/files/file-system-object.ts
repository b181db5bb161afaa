/**
 * Scripting.FileSystemObject.
 * Owns: its members' names and optional arguments.  Leaves: the work (file-system, file-operations, windows-path).
 * Sources: doc "FileSystemObject object".
 */
import { type AutomationObject, automationFace } from '../../automation/index.ts';
import { booleanAt, longAt, textAt } from '../arguments.ts';
import { runtimeError } from '../errors.ts';
import type { ObjectScope } from '../scope.ts';
import { copy, move, remove } from './file-operations.ts';
import { FileSystem, IO_MODE, TRISTATE } from './file-system.ts';
import {
  driveObject,
  driveRoot,
  drivesFace,
  fileObject,
  folderObject,
  namedFolder,
} from './folder-objects.ts';
import { textStreamFace } from './text-stream.ts';
import {
  baseName,
  buildPath,
  driveName,
  extensionName,
  fileName,
  formatWindowsPath,
  parentFolderName,
} from './windows-path.ts';

/** GetSpecialFolder's three folders; the third is the run's own temporary folder. */
export const SPECIAL_FOLDERS = ['C:\\Windows', 'C:\\Windows\\System32', 'C:\\Windows\\Temp'] as const;

const fileSystemFace: (system: FileSystem) => AutomationObject = automationFace<FileSystem>({
  name: 'FileSystemObject',
  members: {
    Drives: { arity: [0, 0], get: (system) => drivesFace(system) },
    BuildPath: { arity: [2, 2], call: (_, args) => buildPath(textAt(args, 0), textAt(args, 1)) },
    GetAbsolutePathName: {
      arity: [1, 1],
      call: (system, args) => formatWindowsPath(system.files.absolute(textAt(args, 0) || '.')),
    },
    GetBaseName: { arity: [1, 1], call: (_, args) => baseName(textAt(args, 0)) },
    GetExtensionName: { arity: [1, 1], call: (_, args) => extensionName(textAt(args, 0)) },
    GetFileName: { arity: [1, 1], call: (_, args) => fileName(textAt(args, 0)) },
    GetParentFolderName: { arity: [1, 1], call: (_, args) => parentFolderName(textAt(args, 0)) },
    GetDriveName: { arity: [1, 1], call: (_, args) => driveName(textAt(args, 0)) },
    GetTempName: { arity: [0, 0], call: (system) => system.temporaryName() },
    GetFileVersion: {
      arity: [1, 1],
      // Only Windows programs carry a version resource; a file without one gives the empty text.
      call: (system, args) => {
        system.files.file(textAt(args, 0));
        return '';
      },
    },
    DriveExists: { arity: [1, 1], call: (system, args) => driveRoot(system, textAt(args, 0)) !== undefined },
    FileExists: { arity: [1, 1], call: (system, args) => system.fileExists(textAt(args, 0)) },
    FolderExists: { arity: [1, 1], call: (system, args) => system.folderExists(textAt(args, 0)) },
    GetDrive: { arity: [1, 1], call: (system, args) => driveObject(system, textAt(args, 0)) },
    GetFile: { arity: [1, 1], call: (system, args) => fileObject(system, nonEmpty(textAt(args, 0))) },
    GetFolder: { arity: [1, 1], call: (system, args) => folderObject(system, nonEmpty(textAt(args, 0))) },
    GetSpecialFolder: {
      arity: [1, 1],
      call: (system, args) => {
        const path = SPECIAL_FOLDERS[longAt(args, 0)];
        if (path === undefined) throw runtimeError(5);
        return namedFolder(system, path);
      },
    },
    GetStandardStream: {
      arity: [1, 2],
      call: (system, args) => {
        const { streams } = system.scope;
        const stream = [streams?.input, streams?.output, streams?.error][longAt(args, 0)];
        if (stream === undefined) throw runtimeError(5);
        return textStreamFace(stream);
      },
    },
    CreateFolder: {
      arity: [1, 1],
      call: (system, args) => {
        system.createFolder(textAt(args, 0));
        return folderObject(system, textAt(args, 0));
      },
    },
    CreateTextFile: {
      arity: [1, 3],
      call: (system, args) =>
        textStreamFace(
          system.createTextFile(textAt(args, 0), booleanAt(args, 1, true), booleanAt(args, 2, false)),
        ),
    },
    OpenTextFile: {
      arity: [1, 4],
      call: (system, args) =>
        textStreamFace(
          system.openTextFile(
            textAt(args, 0),
            longAt(args, 1, IO_MODE.reading),
            booleanAt(args, 2, false),
            longAt(args, 3, TRISTATE.ansi),
          ),
        ),
    },
    CopyFile: {
      arity: [2, 3],
      call: (system, args) =>
        copy(
          system.files,
          'file',
          textAt(args, 0),
          textAt(args, 1),
          existing(booleanAt(args, 2, true)),
        ) as undefined,
    },
    CopyFolder: {
      arity: [2, 3],
      call: (system, args) =>
        copy(
          system.files,
          'folder',
          textAt(args, 0),
          textAt(args, 1),
          existing(booleanAt(args, 2, true)),
        ) as undefined,
    },
    MoveFile: {
      arity: [2, 2],
      call: (system, args) => move(system.files, 'file', textAt(args, 0), textAt(args, 1)) as undefined,
    },
    MoveFolder: {
      arity: [2, 2],
      call: (system, args) => move(system.files, 'folder', textAt(args, 0), textAt(args, 1)) as undefined,
    },
    DeleteFile: {
      arity: [1, 2],
      call: (system, args) =>
        remove(system.files, 'file', textAt(args, 0), booleanAt(args, 1, false)) as undefined,
    },
    DeleteFolder: {
      arity: [1, 2],
      call: (system, args) =>
        remove(system.files, 'folder', textAt(args, 0), booleanAt(args, 1, false)) as undefined,
    },
  },
});

function existing(overwrite: boolean): 'replace' | 'refuse' {
  return overwrite ? 'replace' : 'refuse';
}

function nonEmpty(text: string): string {
  if (text === '') throw runtimeError(5);
  return text;
}

export function createFileSystemObject(scope: ObjectScope): AutomationObject {
  return fileSystemFace(new FileSystem(scope));
}
