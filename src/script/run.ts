/**
 * Runs one job in this thread, to its end.
 * Owns: objects and WScript of the run, jobs of .wsf files, what every way of ending means.
 *       procedures of one language that another calls.
 * Leaves: threads and limits from outside (pool), the languages (vbscript, jscript), how text leaves the thread (ports).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AutomationError,
  type AutomationObject,
  automationFace,
  DISP_E,
  type MemoryWatch,
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
  lazily,
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
  type CompileOptions,
  createSession,
  ScriptAbort,
  type ScriptCache,
  ScriptError,
  type ScriptSession,
  type SessionOptions,
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
  readonly isMemoryFull?: MemoryWatch;
  /** Told of our own defects, which the script sees as error 51 or 440. */
  readonly onDefect?: (thrown: unknown) => void;
};

/** Loaded with the first script of this language: most scripts are of the other. */
const jscript = lazily<typeof import('../jscript/index.ts')>(import.meta.url, '../jscript/index');

type Language = 'vbscript' | 'jscript';

const TEMPORARY_FOLDER = 'C:\\Windows\\Temp';

export function runJob(job: ScriptJob, ports: RunPorts): ScriptOutcome {
  const cleanUps: (() => void)[] = [];
  let run: Run | undefined;
  try {
    run = new Run(job, ports, cleanUps);
    run.start();
    return { kind: 'finished', exitCode: 0 };
  } catch (thrown) {
    return outcomeOf(thrown, job);
  } finally {
    for (const session of run?.sessions ?? []) endSession(session);
    for (const cleanUp of cleanUps.reverse()) cleanUp();
  }
}

/** Class_Terminate of what is left runs at the end; its errors have nobody to hear them, as under cscript. */
function endSession(session: ScriptSession): void {
  try {
    session.end();
  } catch (thrown) {
    if (!(thrown instanceof ScriptError || thrown instanceof ScriptAbort || thrown instanceof ScriptQuit))
      throw thrown;
  }
}

class Run {
  readonly #sessions = new Map<Language, ScriptSession>();
  readonly #job: ScriptJob;
  readonly #ports: RunPorts;
  /** The one whose script runs now. */
  #current: ScriptSession | undefined;
  /** Names that every session has. */
  readonly #names: ((session: ScriptSession) => void)[] = [];
  readonly #scope: ObjectScope;
  readonly #wscript: AutomationObject;
  #usage = '';

  constructor(job: ScriptJob, ports: RunPorts, cleanUps: (() => void)[]) {
    this.#job = job;
    const files = new GrantedFiles(new FolderMap(grantsOf(job, ports, cleanUps)), job.currentFolder);
    cleanUps.push(() => files.closeAll());
    this.#ports = ports;
    const { limits } = job;
    const sink = (stream: 'output' | 'error') => ({
      write: (text: string) => {
        this.#current?.countOutput(text.length);
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
      toText: (value) => this.#current!.toText(value),
      sleep: ports.sleep,
    };
    this.#wscript = wscriptObject(host);
    this.#names.push((session) => {
      session.addObject('WScript', this.#wscript);
      // WSH is an older name of the same object.
      session.addObject('WSH', this.#wscript);
    });
    this.#known = (progId) => registry.has(progId);
  }

  readonly #known: (progId: string) => boolean;

  /** To be ended with the run. */
  get sessions(): Iterable<ScriptSession> {
    return this.#sessions.values();
  }

  start(): void {
    const { language, source, displayName } = this.#job;
    if (language === 'wsf') this.#runPackage();
    else this.#run(language, source, { name: displayName });
  }

  #run(language: Language, source: string, options: CompileOptions): void {
    const session = this.#session(language);
    this.#current = session;
    session.run(source, options);
  }

  /** The scope of a language, made when its first script comes. */
  #session(language: Language): ScriptSession {
    let session = this.#sessions.get(language);
    if (session === undefined) {
      session = this.#newSession(language);
      this.#sessions.set(language, session);
      for (const add of this.#names) add(session);
    }
    return session;
  }

  #newSession(language: Language): ScriptSession {
    const { limits, locale } = this.#job;
    const { cache, onDefect, isMemoryFull } = this.#ports;
    const options: SessionOptions = {
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
        ...(isMemoryFull && { isMemoryFull }),
        ...(limits.steps !== undefined && { steps: limits.steps }),
      },
      locale,
      ...(onDefect && { onDefect }),
    };
    return language === 'vbscript' ? createSession({ ...options, cache }) : jscript().createSession(options);
  }

  /** What the scripts of one language declared is known to those of the other that come later, and to procedures at once. */
  #shareProcedures(from: Language): void {
    const session = this.#sessions.get(from)!;
    for (const [language, other] of this.#sessions) {
      if (language === from) continue;
      for (const name of session.procedureNames) {
        const procedure = session.procedure(name);
        if (procedure !== undefined && !other.hasProcedure(name)) other.addObject(name, procedure);
      }
    }
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
      const language = languageNamed(script.language);
      if (language === undefined)
        throw new WsfProblem(
          `The language ${script.language} is not run here; VBScript and JScript are.`,
          script.line,
          1,
        );
      const { displayName } = this.#job;
      // A scope that is new learns what the other languages' scripts declared.
      this.#session(language);
      for (const known of this.#sessions.keys()) this.#shareProcedures(known);
      if (script.src !== undefined)
        this.#run(language, this.#readSource(script.src, script.line), { name: script.src });
      else
        this.#run(language, script.text!, {
          name: displayName,
          origin: (line) => ({ file: displayName, line: line + script.line - 1 }),
        });
      this.#shareProcedures(language);
    }
  }

  /** Constants of references, objects by id, and the function getResource. */
  #addNames(job: WsfJob): void {
    for (const { name, line } of job.references) {
      const library = libraryOf(name);
      if (library === undefined)
        throw new WsfProblem(
          `The type library of '${name}' is not known here; define its constants in the script.`,
          line,
          1,
        );
      this.#names.push((session) => session.addConstants(constantsOf(library, cdoConstants)));
    }
    for (const { id, progId, line } of job.objects) {
      if (!this.#known(progId))
        throw new WsfProblem(`Could not locate automation class named "${progId}".`, line, 1);
      const object = this.#create(progId)!;
      this.#names.push((session) => session.addObject(id, object));
    }
    this.#names.push((session) => session.addObject('getResource', resourceFace(job)));
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

function languageNamed(name: string): Language | undefined {
  if (/^vbs(?:cript)?$/i.test(name)) return 'vbscript';
  return /^(?:js|jscript|javascript|ecmascript)(?:[\d.]*)$/i.test(name) ? 'jscript' : undefined;
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
