/**
 * Reads the command line of `mailroot script`: our options, the script's name, cscript's switches, the script's arguments.
 * Owns: which word means what.  Leaves: acting on it (command).
 * Fails: with a SwitchProblem whose text says what was wrong and how it is written.
 * Sources: doc "Running Scripts from the Command Prompt" (//B //E //I //Job //Logo //S //T //U).
 */
import type { ScriptFolder } from './job.ts';

export class SwitchProblem extends Error {
  override readonly name = 'SwitchProblem';
}

export type ScriptCommandLine = {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly mode: 'interactive' | 'batch';
  readonly showLogo: boolean;
  /** Seconds; 0: no limit. */
  readonly timeoutSeconds: number;
  readonly jobName: string | undefined;
  /** Given by //E; undefined: the file's name tells. */
  readonly language: 'vbscript' | 'jscript' | undefined;
  readonly pickup: string | undefined;
  readonly config: string | undefined;
  readonly mailroot: string | undefined;
  readonly maps: readonly ScriptFolder[];
  readonly allowedHosts: readonly string[];
  /** Program name as scripts write it → program. */
  readonly programs: Readonly<Record<string, string>>;
  /** Names of environment variables the script may see, and values set here. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** As they were written: addresses may hold passwords, so they are never printed and kept from the script's thread. */
  readonly dataSources: readonly string[];
  readonly codePage: number;
  readonly locale: number;
  readonly sendAs: string | undefined;
  /** Generation of Windows whose mail the mail objects write. */
  readonly mailProfile: string | undefined;
  readonly wantsHelp: boolean;
};

/** Our options before the script's name; each takes a value. */
const OPTIONS = [
  'pickup',
  'map',
  'map-read',
  'allow-host',
  'allow-run',
  'env',
  'data-source',
  'config',
  'mailroot',
  'code-page',
  'locale',
  'send-as',
  'mail-profile',
] as const;

export const SCRIPT_USAGE = `usage: mailroot script [OPTIONS] FILE.vbs|FILE.js|FILE.wsf [//SWITCHES] [ARGUMENTS]

Runs a VBScript or JScript file as cscript does, with the mail objects of Mailroot.

  --pickup DIR              Put messages for the local mail service into DIR. Default: the Pickup folder of the configuration.
  --map 'C:\\folder=DIR'     Let the script read and write DIR under the Windows path C:\\folder. May be repeated.
  --map-read 'C:\\folder=DIR'  The same, for reading alone.
  --allow-host HOST[:PORT]  Let the HTTP objects reach HOST. May be repeated; * allows every host.
  --allow-run NAME=PROGRAM  Let WScript.Shell start PROGRAM when the script runs NAME. May be repeated.
  --env NAME[=VALUE]        Let the script see the environment variable NAME, or set it. May be repeated.
  --data-source 'MATCH=sqlite:FILE'  or 'MATCH=postgresql://USER:PASSWORD@HOST/DATABASE': where ADODB finds the database whose
                            DSN is MATCH or whose connection string contains it. May be repeated; see docs/ado.md.
  --send-as ADDRESS         The address Outlook.Application sends as. Default: USER@HOST.
  --mail-profile NAME       Write mail as that Windows did: windows-2000 … windows-2016 (default), or standards.
  --code-page NUMBER        The ANSI code page of text files. Default 1252.
  --locale LCID             The locale of numbers and dates. Default 1033 (English, United States).
  --config FILE             Configuration of the relay whose Pickup takes the messages and whose Drop is read.
  --mailroot DIR            The mailroot folder, instead of a configuration.

Switches as cscript has them, before or after FILE:

  //B  no error texts and prompts     //T:nn  at most nn seconds      //Job:ID  that job of a .wsf file
  //I  interactive (default)          //E:JScript   the language      //Logo //NoLogo //U //D //X //S  accepted

The folder the script lies in is readable and writable as C:\\Scripts unless a --map covers it.`;

/** `args` are the words after `mailroot script`. */
export function parseScriptCommandLine(args: readonly string[]): ScriptCommandLine {
  const state = {
    file: undefined as string | undefined,
    arguments: [] as string[],
    mode: 'interactive' as 'interactive' | 'batch',
    showLogo: false,
    timeoutSeconds: 0,
    jobName: undefined as string | undefined,
    language: undefined as ScriptCommandLine['language'],
    single: new Map<string, string>(),
    maps: [] as ScriptFolder[],
    allowedHosts: [] as string[],
    programs: {} as Record<string, string>,
    variables: {} as Record<string, string | undefined>,
    dataSources: [] as string[],
    wantsHelp: false,
  };

  for (let at = 0; at < args.length; at += 1) {
    const word = args[at]!;
    if (word.startsWith('//')) {
      takeSwitch(word, state);
    } else if (state.file !== undefined) {
      state.arguments.push(word);
    } else if (word === '--help' || word === '-h') {
      state.wantsHelp = true;
    } else if (word.startsWith('--') && word.length > 2) {
      const [, name, joined] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word)!;
      if (!(OPTIONS as readonly string[]).includes(name!))
        throw new SwitchProblem(`there is no option --${name}; options stand before the script's name.`);
      const value = joined ?? args[(at += 1)];
      if (value === undefined) throw new SwitchProblem(`--${name} needs a value.`);
      takeOption(name as (typeof OPTIONS)[number], value, state);
    } else if (word === '--') {
      state.file = args[(at += 1)];
    } else {
      state.file = word;
    }
  }
  if (state.file === undefined && !state.wantsHelp)
    throw new SwitchProblem('which script? Give a .vbs, .js or .wsf file.');
  return {
    file: state.file ?? '',
    arguments: state.arguments,
    mode: state.mode,
    showLogo: state.showLogo,
    timeoutSeconds: state.timeoutSeconds,
    jobName: state.jobName,
    language: state.language,
    pickup: state.single.get('pickup'),
    config: state.single.get('config'),
    mailroot: state.single.get('mailroot'),
    maps: state.maps,
    allowedHosts: state.allowedHosts,
    programs: state.programs,
    variables: state.variables,
    dataSources: state.dataSources,
    codePage: numberOption('code-page', state.single.get('code-page') ?? '1252'),
    locale: numberOption('locale', state.single.get('locale') ?? '1033'),
    sendAs: state.single.get('send-as'),
    mailProfile: state.single.get('mail-profile'),
    wantsHelp: state.wantsHelp,
  };
}

type State = {
  mode: 'interactive' | 'batch';
  showLogo: boolean;
  timeoutSeconds: number;
  jobName: string | undefined;
  language: ScriptCommandLine['language'];
  single: Map<string, string>;
  maps: ScriptFolder[];
  allowedHosts: string[];
  programs: Record<string, string>;
  variables: Record<string, string | undefined>;
  dataSources: string[];
  wantsHelp: boolean;
};

function takeSwitch(word: string, state: State): void {
  const [, name, value] = /^\/\/([^:]*)(?::([\s\S]*))?$/.exec(word)!;
  switch (name!.toLowerCase()) {
    case 'b':
      state.mode = 'batch';
      return;
    case 'i':
      state.mode = 'interactive';
      return;
    case 't': {
      const seconds = Number(value);
      if (!/^\d+$/.test(value ?? '') || seconds > 32_767)
        throw new SwitchProblem(`${word}: the time-out is a number of seconds up to 32767, as in //T:60.`);
      state.timeoutSeconds = seconds;
      return;
    }
    case 'e':
      if (/^vbs(?:cript)?$/i.test(value ?? '')) state.language = 'vbscript';
      else if (/^(?:js|jscript|javascript|ecmascript)$/i.test(value ?? '')) state.language = 'jscript';
      else
        throw new SwitchProblem(
          `${word}: VBScript and JScript are run here; write //E:VBScript, //E:JScript or leave it out.`,
        );
      return;
    case 'job':
      if (value === undefined || value === '')
        throw new SwitchProblem(`${word}: name the job, as in //Job:Nightly.`);
      state.jobName = value;
      return;
    case 'logo':
      state.showLogo = true;
      return;
    case 'nologo':
      state.showLogo = false;
      return;
    case '?':
      state.wantsHelp = true;
      return;
    case 'd':
    case 'x':
    case 's':
    case 'u':
    case 'h':
      return;
    default:
      throw new SwitchProblem(`${word}: there is no such switch. See mailroot script --help.`);
  }
}

function takeOption(name: (typeof OPTIONS)[number], value: string, state: State): void {
  switch (name) {
    case 'map':
    case 'map-read': {
      const [windows, folder] = pair(name, value, "'C:\\folder=DIR'");
      state.maps.push({ windows, folder, access: name === 'map' ? 'write' : 'read' });
      return;
    }
    case 'allow-run': {
      const [program, path] = pair(name, value, 'NAME=PROGRAM');
      state.programs[program] = path;
      return;
    }
    case 'allow-host':
      state.allowedHosts.push(value);
      return;
    case 'data-source':
      state.dataSources.push(value);
      return;
    case 'env': {
      const equals = value.indexOf('=');
      state.variables[equals < 0 ? value : value.slice(0, equals)] =
        equals < 0 ? undefined : value.slice(equals + 1);
      return;
    }
    default:
      state.single.set(name, value);
  }
}

function pair(option: string, value: string, form: string): [string, string] {
  const equals = value.indexOf('=');
  if (equals <= 0 || equals === value.length - 1)
    throw new SwitchProblem(`--${option} '${value}': write it as ${form}.`);
  return [value.slice(0, equals), value.slice(equals + 1)];
}

function numberOption(name: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new SwitchProblem(`--${name} ${text}: a number is expected.`);
  return Number(text);
}
