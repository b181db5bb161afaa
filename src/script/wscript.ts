/**
 * The WScript object.
 * Owns: its members, the way Echo writes values.  Leaves: streams and objects (run), ending the script (ScriptExit of the engine).
 * Fails: an unknown class is 0x80020009 with the text cscript prints; events cannot be connected.
 * Sources: doc "WScript Object"; observed: Echo writes True as -1.
 */
import {
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  DISP_E,
} from '../automation/index.ts';
import {
  argumentValue,
  booleanAt,
  isMissing,
  longAt,
  type TextStream,
  textAt,
  textStreamFace,
} from '../objects/index.ts';
import { ScriptExit } from '../vbscript/index.ts';
import { argumentsFace, type ScriptArguments } from './arguments.ts';

/** Ends the script with an exit code. On Error Resume Next does not stop it. */
export class ScriptQuit extends ScriptExit {
  override readonly name = 'ScriptQuit';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`WScript.Quit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** What WScript needs of the run around it. */
export interface WScriptHost {
  readonly fullName: string;
  readonly scriptName: string;
  readonly arguments: ScriptArguments;
  readonly streams: { readonly input: TextStream; readonly output: TextStream; readonly error: TextStream };
  isInteractive: boolean;
  timeoutSeconds: number;
  /** Makes a shorter time limit hold from now on. */
  readonly limitTime: (seconds: number) => void;
  readonly createObject: (progId: string) => AutomationObject;
  readonly getObject: (path: string | undefined, progId: string | undefined) => AutomationObject;
  readonly toText: (value: AutomationValue) => string;
  readonly sleep: (milliseconds: number) => void;
}

const SOURCE = 'WScript';

const face: (host: WScriptHost) => AutomationObject = automationFace<WScriptHost>({
  name: 'IHost_Class',
  defaultMember: 'Name',
  members: {
    Name: { arity: [0, 0], get: () => 'Windows Script Host' },
    Version: { arity: [0, 0], get: () => '5.8' },
    BuildVersion: { arity: [0, 0], get: () => 0 },
    FullName: { arity: [0, 0], get: () => 'C:\\Windows\\System32\\cscript.exe' },
    Path: { arity: [0, 0], get: () => 'C:\\Windows\\System32' },
    ScriptName: { arity: [0, 0], get: (host) => host.scriptName },
    ScriptFullName: { arity: [0, 0], get: (host) => host.fullName },
    Application: { arity: [0, 0], get: (host) => face(host) },
    Arguments: {
      arity: [0, 1],
      get: (host, args) => {
        const list = argumentsFace(host.arguments);
        return args.length === 0 ? list : list.invoke('get', '', args);
      },
    },
    StdIn: { arity: [0, 0], get: (host) => textStreamFace(host.streams.input) },
    StdOut: { arity: [0, 0], get: (host) => textStreamFace(host.streams.output) },
    StdErr: { arity: [0, 0], get: (host) => textStreamFace(host.streams.error) },
    Interactive: {
      arity: [0, 0],
      get: (host) => host.isInteractive,
      put: (host, args) => {
        host.isInteractive = booleanAt(args, 0);
      },
    },
    Timeout: {
      arity: [0, 0],
      get: (host) => host.timeoutSeconds,
      // A script may shorten its limit and not lift it.
      put: (host, args) => {
        const seconds = longAt(args, 0);
        if (seconds <= 0 || (host.timeoutSeconds !== 0 && seconds >= host.timeoutSeconds)) return;
        host.timeoutSeconds = seconds;
        host.limitTime(seconds);
      },
    },
    Echo: {
      call: (host, args) => {
        const texts = args.map((arg) => echoText(host, argumentValue(arg)));
        host.streams.output.write(`${texts.join(' ')}\r\n`);
        return undefined;
      },
    },
    Quit: {
      arity: [0, 1],
      call: (_, args) => {
        throw new ScriptQuit(longAt(args, 0, 0));
      },
    },
    Sleep: {
      arity: [1, 1],
      call: (host, args) => host.sleep(Math.max(0, longAt(args, 0))) as undefined,
    },
    CreateObject: {
      arity: [1, 2],
      call: (host, args) => {
        if (!isMissing(args, 1) && textAt(args, 1) !== '') throw noEvents('WScript.CreateObject');
        return host.createObject(textAt(args, 0));
      },
    },
    GetObject: {
      arity: [1, 3],
      call: (host, args) => {
        if (!isMissing(args, 2) && textAt(args, 2) !== '') throw noEvents('WScript.GetObject');
        return host.getObject(textAt(args, 0), isMissing(args, 1) ? undefined : textAt(args, 1));
      },
    },
    ConnectObject: {
      arity: [2, 2],
      call: () => {
        throw noEvents('WScript.ConnectObject');
      },
    },
    DisconnectObject: { arity: [1, 1], call: () => undefined },
  },
});

function echoText(host: WScriptHost, value: AutomationValue): string {
  // observed: Echo converts without words for Booleans and Null.
  if (value === true) return '-1';
  if (value === false) return '0';
  if (value === null) return 'null';
  return host.toText(value);
}

function noEvents(source: string): AutomationError {
  return new AutomationError(
    DISP_E.exception,
    'Could not connect object: objects here raise no events. Call their methods and read their properties instead.',
    { source },
  );
}

/** The error for a class that does not exist, as cscript words it. */
export function noSuchClass(progId: string): AutomationError {
  return new AutomationError(DISP_E.exception, `Could not locate automation class named "${progId}".`, {
    source: `${SOURCE}.CreateObject`,
  });
}

export function wscriptObject(host: WScriptHost): AutomationObject {
  return face(host);
}
