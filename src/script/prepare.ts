/**
 * From the words of a command line to a job: reads the script, maps folders, describes the machine.
 * Owns: the script's own folder, current folder, names scripts see.  Leaves: the words (switches), running (run).
 * Fails: SwitchProblem with a text for the user.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { basename, dirname, extname, resolve } from 'node:path';
import {
  type DataSource,
  FolderMap,
  formatWindowsPath,
  isCodePage,
  mailProfiles,
  type ScriptMachine,
  scriptText,
  systemErrorCode,
} from '../objects/index.ts';
import { localeIds } from '../vbscript/index.ts';
import { DEFAULT_LIMITS, type ScriptFolder, type ScriptJob } from './job.ts';
import { type ScriptCommandLine, SwitchProblem } from './switches.ts';

/** Where the command was given. */
export type CommandPlace = {
  /** The current folder. */
  readonly folder: string;
  /** The rows of --data-source, without user and password. */
  readonly dataSources?: readonly DataSource[];
};

/** The Windows path under which the script's own folder stands when no mapping covers it. */
export const SCRIPT_FOLDER = 'C:\\Scripts';

/** The job of a command line. Throws SwitchProblem for what the user gave wrongly. */
export function jobOf(line: ScriptCommandLine, place: CommandPlace): ScriptJob {
  const file = resolve(place.folder, line.file);
  const language = languageOf(line.file, line.language);
  if (!isCodePage(line.codePage))
    throw new SwitchProblem(`--code-page ${line.codePage}: there is no such code page.`);
  if (!localeIds().includes(line.locale))
    throw new SwitchProblem(
      `--locale ${line.locale}: there is no such locale; there are ${localeIds().join(', ')}.`,
    );
  const folders = foldersOf(line, place, dirname(file));
  const fullName = new FolderMap(folders).windowsPathOf(file);
  return {
    source: scriptText(readScript(file, line.file), line.codePage),
    language,
    displayName: line.file,
    fullName: fullName === undefined ? `${SCRIPT_FOLDER}\\${basename(file)}` : formatWindowsPath(fullName),
    arguments: line.arguments,
    jobName: line.jobName,
    folders,
    currentFolder: currentFolderOf(folders, place.folder),
    machine: machineOf(line),
    ...(place.dataSources !== undefined && { dataSources: place.dataSources }),
    limits: { ...DEFAULT_LIMITS, timeMs: line.timeoutSeconds === 0 ? undefined : line.timeoutSeconds * 1000 },
    locale: line.locale,
    mode: line.mode,
  };
}

/** //E: names the language whatever the file is called. */
function languageOf(file: string, named: ScriptCommandLine['language']): ScriptJob['language'] {
  if (named !== undefined) return named;
  switch (extname(file).toLowerCase()) {
    case '.wsf':
      return 'wsf';
    case '.js':
      return 'jscript';
    case '.jse':
    case '.vbe':
      throw new SwitchProblem(
        `${file}: encoded scripts are not run here; give the source (.vbs, .js, .wsf).`,
      );
    default:
      return 'vbscript';
  }
}

function readScript(file: string, given: string): Buffer {
  try {
    return readFileSync(file);
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : `it cannot be read (${code ?? String(thrown)})`;
    throw new SwitchProblem(`${given}: ${why}.`);
  }
}

function foldersOf(line: ScriptCommandLine, place: CommandPlace, scriptFolder: string): ScriptFolder[] {
  const folders: ScriptFolder[] = line.maps.map((map) => ({
    ...map,
    folder: resolve(place.folder, map.folder),
  }));
  for (const { windows, folder } of folders) {
    if (!existsSync(folder) || !statSync(folder).isDirectory())
      throw new SwitchProblem(`--map '${windows}=${folder}': there is no folder ${folder}.`);
    try {
      new FolderMap([{ windows, folder, access: 'read' }]);
    } catch (thrown) {
      throw new SwitchProblem(`--map: ${(thrown as Error).message}.`);
    }
  }
  if (existsSync(scriptFolder) && new FolderMap(folders).windowsPathOf(scriptFolder) === undefined)
    folders.push({ windows: SCRIPT_FOLDER, folder: scriptFolder, access: 'write' });
  return folders;
}

/** Where the shell stands, if the script may see it; else the folder of the script. */
function currentFolderOf(folders: readonly ScriptFolder[], folder: string): string {
  const map = new FolderMap(folders);
  const path = existsSync(folder) ? map.windowsPathOf(folder) : undefined;
  return path === undefined ? (folders.at(-1)?.windows ?? 'C:\\') : formatWindowsPath(path);
}

function machineOf(line: ScriptCommandLine): ScriptMachine {
  const computerName = hostname().split('.')[0]!.toUpperCase();
  const userName = nameOfUser();
  const variables: Record<string, string> = {
    COMPUTERNAME: computerName,
    USERNAME: userName,
    USERDOMAIN: computerName,
    OS: 'Windows_NT',
    SystemDrive: 'C:',
    SystemRoot: 'C:\\Windows',
    windir: 'C:\\Windows',
    TEMP: 'C:\\Windows\\Temp',
    TMP: 'C:\\Windows\\Temp',
  };
  for (const [name, value] of Object.entries(line.variables)) {
    if (value !== undefined) variables[name] = value;
  }
  return {
    computerName,
    userName,
    userDomain: computerName,
    variables,
    codePage: line.codePage,
    mailAddress: line.sendAs ?? `${userName}@${hostname()}`,
    ...mailProfileOf(line),
  };
}

/** The profile is looked up only when one was named: the names lie with the mail objects, which few scripts need. */
function mailProfileOf({ mailProfile }: ScriptCommandLine): Pick<ScriptMachine, 'mailProfile'> {
  if (mailProfile === undefined) return {};
  const known = mailProfiles().find((name) => name === mailProfile.toLowerCase());
  if (known === undefined)
    throw new SwitchProblem(
      `--mail-profile ${mailProfile}: there is no such profile; there are ${mailProfiles().join(', ')}.`,
    );
  return { mailProfile: known };
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the system's list, as in some containers.
    return 'user';
  }
}
