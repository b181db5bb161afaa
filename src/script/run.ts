/**
 * Runs one job in this thread, to its end.
 * Owns: objects and WScript of the run, jobs of .wsf files, what every way of ending means.
 * Leaves: threads and limits from outside (pool), the language (vbscript), how text leaves the thread (ports).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AutomationError,
  type AutomationObject,
  automationFace,
  DISP_E,
  type WaitingRoom,
} from '../automation/index.ts';
import {
  cdoConstants,
  constantsOf,
  DROP_PATH,
  EXCHANGE_PICKUP_PATH,
  type FolderGrant,
  FolderMap,
  fileName,
  fullCatalogue,
  GrantedFiles,
  libraryOf,
  type ObjectScope,
  PICKUP_PATH,
  parentFolderName,
  runtimeError,
  scriptText,
  TextStream,
  textAt,
} from '../objects/index.ts';
import {
  createSession,
  ScriptAbort,
  type ScriptCache,
  ScriptError,
  type ScriptSession,
} from '../vbscript/index.ts';
import { ScriptArguments } from './arguments.ts';
import type { ScriptJob, ScriptOutcome, ScriptProblem } from './job.ts';
import {
  DROP_OPERATION,
  EXCHANGE_PICKUP_OPERATION,
  PICKUP_OPERATION,
  STDIN_OPERATION,
  TIMEOUT_OPERATION,
} from './operations.ts';
import { EXIT_CODE } from './report.ts';
import { noSuchClass, ScriptQuit, type WScriptHost, wscriptObject } from './wscript.ts';
import { parseWsf, type WsfJob, WsfProblem } from './wsf.ts';

/** The ways out of the thread. */
export type RunPorts = {
  readonly waiting: WaitingRoom;
  readonly write: (stream: 'output' | 'error', text: string) => void;
  readonly sleep: (milliseconds: number) => void;
  /** Compiled scripts, kept from run to run. */
  readonly cache: ScriptCache;
  /** Says when there is no room for so many bytes more. */
  readonly isMemoryFull?: (bytes: number) => boolean;
  /** Told of our own defects, which the script sees as error 51 or 440. */
  readonly onDefect?: (thrown: unknown) => void;
};

const TEMPORARY_FOLDER = 'C:\\Windows\\Temp';

export function runJob(job: ScriptJob, ports: RunPorts): ScriptOutcome {
  const cleanUps: (() => void)[] = [];
  let session: ScriptSession | undefined;
  try {
    const run = new Run(job, ports, cleanUps);
    session = run.session;
    run.start();
    return { kind: 'finished', exitCode: 0 };
  } catch (thrown) {
    return outcomeOf(thrown, job);
  } finally {
    endSession(session);
    for (const cleanUp of cleanUps.reverse()) cleanUp();
  }
}

/** Class_Terminate of what is left runs at the end; its errors have nobody to hear them, as under cscript. */
function endSession(session: ScriptSession | undefined): void {
  try {
    session?.end();
  } catch (thrown) {
    if (!(thrown instanceof ScriptError || thrown instanceof ScriptAbort || thrown instanceof ScriptQuit))
      throw thrown;
  }
}

class Run {
  readonly session: ScriptSession;
  readonly #job: ScriptJob;
  readonly #scope: ObjectScope;
  readonly #wscript: AutomationObject;
  #usage = '';

  constructor(job: ScriptJob, ports: RunPorts, cleanUps: (() => void)[]) {
    this.#job = job;
    const files = new GrantedFiles(new FolderMap(grantsOf(job, ports, cleanUps)), job.currentFolder);
    cleanUps.push(() => files.closeAll());
    const { limits } = job;
    this.session = createSession({
      host: {
        createObject: (progId) => this.#create(progId),
        getObject: (path, progId) => this.#getObject(path, progId),
        messageBox: (text, _buttons, title) => this.#notice(title === undefined ? text : `${title}: ${text}`),
        inputBox: (prompt, title, preset) =>
          this.#ask(title === undefined ? prompt : `${title}: ${prompt}`, preset),
      },
      limits: {
        timeMs: limits.timeMs ?? Number.POSITIVE_INFINITY,
        callDepth: limits.callDepth,
        outputLength: limits.outputLength,
        stringLength: limits.stringLength,
        arrayElements: limits.arrayElements,
        allocation: limits.allocation,
        ...(ports.isMemoryFull && { isMemoryFull: ports.isMemoryFull }),
        ...(limits.steps !== undefined && { steps: limits.steps }),
      },
      locale: job.locale,
      cache: ports.cache,
      ...(ports.onDefect && { onDefect: ports.onDefect }),
    });
    const sink = (stream: 'output' | 'error') => ({
      write: (text: string) => {
        this.session.countOutput(text.length);
        ports.write(stream, text);
      },
      close: () => {},
    });
    const streams = {
      input: new TextStream({
        source: {
          next: () => ports.waiting.waitFor(STDIN_OPERATION, undefined) as string | undefined,
          close: () => {},
        },
      }),
      output: new TextStream({ sink: sink('output') }),
      error: new TextStream({ sink: sink('error') }),
    };
    const registry = fullCatalogue(job.machine, files, ports.waiting);
    this.#scope = {
      machine: job.machine,
      files,
      waiting: ports.waiting,
      ...(job.dataSources !== undefined && { dataSources: job.dataSources }),
      streams,
      createObject: (progId) => registry.create(progId, this.#scope),
      notice: (text) => void this.#notice(text),
    };
    const host: WScriptHost = {
      fullName: job.fullName,
      scriptName: fileName(job.fullName),
      arguments: new ScriptArguments(job.arguments, () => streams.output.write(this.#usage)),
      streams,
      isInteractive: job.mode === 'interactive',
      timeoutSeconds: limits.timeMs === undefined ? 0 : Math.ceil(limits.timeMs / 1000),
      limitTime: (seconds) => void ports.waiting.waitFor(TIMEOUT_OPERATION, seconds),
      createObject: (progId) => {
        if (!registry.has(progId)) throw noSuchClass(progId);
        return this.#create(progId)!;
      },
      getObject: (path, progId) => this.#getObject(path, progId),
      toText: (value) => this.session.toText(value),
      sleep: ports.sleep,
    };
    this.#wscript = wscriptObject(host);
    this.session.addObject('WScript', this.#wscript);
    // WSH is an older name of the same object.
    this.session.addObject('WSH', this.#wscript);
    this.#known = (progId) => registry.has(progId);
  }

  readonly #known: (progId: string) => boolean;

  start(): void {
    if (this.#job.language === 'wsf') this.#runPackage();
    else this.session.run(this.#job.source, { name: this.#job.displayName });
  }

  #runPackage(): void {
    const jobs = parseWsf(this.#job.source);
    const { jobName } = this.#job;
    const job =
      jobName === undefined ? jobs[0] : jobs.find(({ id }) => id.toLowerCase() === jobName.toLowerCase());
    if (job === undefined) throw new WsfProblem(`There is no job '${jobName}' in this file.`, 1, 1);
    this.#usage = job.usage;
    this.#addNames(job);
    for (const script of job.scripts) {
      if (!/^vbs(?:cript)?$/i.test(script.language))
        throw new WsfProblem(
          `The language ${script.language} is not run here; only VBScript is.`,
          script.line,
          1,
        );
      if (script.src !== undefined) {
        this.session.run(this.#readSource(script.src, script.line), { name: script.src });
        continue;
      }
      const { displayName } = this.#job;
      this.session.run(script.text!, {
        name: displayName,
        origin: (line) => ({ file: displayName, line: line + script.line - 1 }),
      });
    }
  }

  /** Constants of references, objects by id, and the function getResource. */
  #addNames(job: WsfJob): void {
    for (const reference of job.references) {
      const library = libraryOf(reference);
      if (library === undefined)
        throw new WsfProblem(
          `The type library of '${reference}' is not known here; define its constants in the script.`,
          1,
          1,
        );
      this.session.addConstants(constantsOf(library, cdoConstants));
    }
    for (const { id, progId } of job.objects) {
      if (!this.#known(progId))
        throw new WsfProblem(`Could not locate automation class named "${progId}".`, 1, 1);
      this.session.addObject(id, this.#create(progId)!);
    }
    this.session.addObject('getResource', resourceFace(job));
  }

  #readSource(src: string, line: number): string {
    const path = /^[a-z]:|^[\\/]/i.test(src) ? src : `${parentFolderName(this.#job.fullName)}\\${src}`;
    try {
      return scriptText(this.#scope.files.readAll(path), this.#job.machine.codePage);
    } catch (thrown) {
      if (!(thrown instanceof AutomationError)) throw thrown;
      throw new WsfProblem(`Unable to open the script file '${src}': ${thrown.message}.`, line, 1);
    }
  }

  #create(progId: string): AutomationObject | undefined {
    return this.#known(progId) ? this.#scope.createObject(progId) : undefined;
  }

  #getObject(path: string | undefined, progId: string | undefined): AutomationObject {
    // GetObject("", class) is a new object; GetObject(, class) asks for a running one, and nothing runs here.
    if (path === '' && progId !== undefined) {
      const created = this.#create(progId);
      if (created !== undefined) return created;
    }
    if (path === undefined || path === '') throw runtimeError(429);
    throw new AutomationError(
      0x800a_01b0 | 0,
      `File name or class name not found during Automation operation: '${path}'. WMI, ADSI and files are not reached by GetObject here.`,
      { source: 'Microsoft VBScript runtime error' },
    );
  }

  /** Shows a text meant for a window; there is nobody to answer, so the answer is OK. */
  #notice(text: string): number {
    if (this.#job.mode === 'interactive') this.#scope.streams!.output.write(`${text}\r\n`);
    return 1;
  }

  #ask(prompt: string, preset: string): string | undefined {
    if (this.#job.mode === 'batch') return preset === '' ? undefined : preset;
    const { input, output } = this.#scope.streams!;
    output.write(`${prompt} `);
    return input.isAtEnd ? undefined : input.readLine() || preset;
  }
}

const resourceFace: (job: WsfJob) => AutomationObject = automationFace<WsfJob>({
  name: 'Function',
  defaultMember: 'getResource',
  members: {
    getResource: {
      arity: [1, 1],
      get: (job, args) => {
        const text = job.resources.get(textAt(args, 0));
        if (text === undefined)
          throw new AutomationError(DISP_E.exception, `Invalid resource id: '${textAt(args, 0)}'.`, {
            source: 'WScript',
          });
        return text;
      },
    },
  },
});

/** The job's folders, the services' Pickup, which takes new files alone, its Drop for reading, and a temporary folder. */
function grantsOf(job: ScriptJob, ports: RunPorts, cleanUps: (() => void)[]): FolderGrant[] {
  const asked = (operation: string) => () =>
    ports.waiting.waitFor(operation, undefined) as string | undefined;
  const temporary = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'mailroot-script-'));
    cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  };
  const given = (windows: string): boolean =>
    job.folders.some((folder) => folder.windows.toLowerCase() === windows.toLowerCase());
  const usual: readonly FolderGrant[] = [
    { windows: PICKUP_PATH, access: 'create', folder: asked(PICKUP_OPERATION) },
    { windows: EXCHANGE_PICKUP_PATH, access: 'create', folder: asked(EXCHANGE_PICKUP_OPERATION) },
    { windows: DROP_PATH, access: 'read', folder: asked(DROP_OPERATION) },
    { windows: TEMPORARY_FOLDER, access: 'write', folder: temporary },
  ];
  return [...job.folders, ...usual.filter(({ windows }) => !given(windows))];
}

function outcomeOf(thrown: unknown, job: ScriptJob): ScriptOutcome {
  if (thrown instanceof ScriptQuit) return { kind: 'finished', exitCode: thrown.exitCode };
  if (thrown instanceof ScriptError) {
    const problem = problemOf(thrown, job);
    // Memory that ran out by the engine's own count is told like any error, with its place.
    return { kind: 'failed', problem, exitCode: EXIT_CODE.failed };
  }
  if (thrown instanceof ScriptAbort) {
    const limit = thrown.reason === 'timeout' ? 'time' : thrown.reason;
    const { file, line, column, message } = thrown;
    return {
      kind: 'stopped',
      limit,
      problem: { file: file || job.displayName, line, column, source: '', description: message, number: 0 },
    };
  }
  if (thrown instanceof WsfProblem) {
    const { line, column, message } = thrown;
    return {
      kind: 'failed',
      problem: {
        file: job.displayName,
        line,
        column,
        source: 'Windows Script Host',
        description: message,
        number: 0x8004_0001 | 0,
      },
      exitCode: EXIT_CODE.failed,
    };
  }
  return {
    kind: 'crashed',
    reason: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  };
}

function problemOf(error: ScriptError, job: ScriptJob): ScriptProblem {
  return {
    file: error.file || job.displayName,
    line: error.line,
    column: error.column,
    source: error.source,
    description: error.description,
    number: error.number,
  };
}
