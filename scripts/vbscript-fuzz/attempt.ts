/**
 * Runs one source and judges how it ended.
 * A program may end in any error of the language or at any limit. It has failed us when engine or objects throw anything else,
 * trapped or not, when an error names no line, when it uses more time than its limit allows, or when it changed what JavaScript
 * itself is made of or what lies outside its folders.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutomationError, automationFace } from '../../src/automation/index.ts';
// Loaded before anything runs: a library of theirs announces itself on the global object.
import '../../src/cdo/index.ts';
import '../../src/cdonts/index.ts';
import { DEFAULT_LIMITS, type ScriptJob } from '../../src/script/job.ts';
import { runJob } from '../../src/script/run.ts';
import {
  createSession,
  ScriptAbort,
  ScriptCache,
  ScriptError,
  type ScriptSession,
} from '../../src/vbscript/index.ts';

export type Outcome = { compiled: boolean; completed: boolean };

/** The limits of a program; one that is over them by this much of CPU time hangs. */
const TIME_LIMIT_MS = 400;
const MOST_CPU_MS = 5_000;

const LIMITS = {
  timeMs: TIME_LIMIT_MS,
  callDepth: 40,
  stringLength: 100_000,
  arrayElements: 20_000,
  allocation: 1_000_000,
  outputLength: 200_000,
  steps: 250,
};

const hostFace = automationFace<{ text: string }>({
  name: 'Host',
  members: {
    Text: {
      get: (self) => self.text,
      put: (self, [value]) => void (self.text = String(value)),
      arity: [0, 0],
    },
    Count: { call: (_self, args) => args.length },
  },
  defaultMember: 'Text',
  *enumerate() {
    yield 1;
    yield 'two';
  },
});

const NOW = () => new Date(2003, 0, 2, 16, 5, 6);

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** What no program may change: the names of the global object and of the prototypes everything hangs on. */
function fingerprint(): string {
  return [
    globalThis,
    Object.prototype,
    Array.prototype,
    Function.prototype,
    String.prototype,
    Error.prototype,
    Map.prototype,
  ]
    .map((object) => Reflect.ownKeys(object).length)
    .join();
}

export class Judge {
  readonly #shape = fingerprint();
  #field: Playground | undefined;

  /** A text describes what went wrong; `undefined` is well. */
  attempt(source: string, place: 'session' | 'host', outcome: Outcome): string | undefined {
    const startedAt = cpuMs();
    const problem = place === 'session' ? inSession(source, outcome) : this.#inHost(source, outcome);
    if (problem !== undefined) return problem;
    const elapsed = cpuMs() - startedAt;
    if (elapsed > MOST_CPU_MS) return `took ${Math.round(elapsed)} ms of CPU time`;
    if (fingerprint() !== this.#shape) return 'changed a global object or a prototype of JavaScript';
    return undefined;
  }

  #inHost(source: string, outcome: Outcome): string | undefined {
    this.#field ??= new Playground();
    return this.#field.run(source, outcome);
  }

  /** Looks at what lies outside the granted folders, and begins with fresh ones. */
  check(): string | undefined {
    const problem = this.#field?.damage();
    this.#field?.remove();
    this.#field = undefined;
    return problem;
  }
}

function inSession(source: string, outcome: Outcome): string | undefined {
  let defect: unknown;
  const session = createSession({
    cache: new ScriptCache(4),
    limits: LIMITS,
    now: NOW,
    onDefect: (thrown) => {
      defect ??= thrown;
    },
  });
  session.addObject('host', hostFace({ text: 'h' }));
  const problem = judged(session, source, outcome);
  return defect === undefined ? problem : `stray throw: ${String((defect as Error).stack ?? defect)}`;
}

function judged(session: ScriptSession, source: string, outcome: Outcome): string | undefined {
  try {
    session.run(source);
    session.end();
    outcome.compiled = true;
    outcome.completed = true;
    return undefined;
  } catch (error) {
    if (error instanceof ScriptError) {
      outcome.compiled = error.kind === 'runtime';
      return error.line > 0 ? undefined : `no line: ${error.message}`;
    }
    if (!(error instanceof ScriptAbort)) return `threw ${String((error as Error).stack ?? error)}`;
    outcome.compiled = true;
    return undefined;
  }
}

/** Folders for programs under the script host: `data` granted, `readonly` for reading, `outside` with a canary for nobody. */
class Playground {
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'mailroot-fuzz-')));
  readonly #cache = new ScriptCache(4);
  #defect: string | undefined;

  constructor() {
    for (const name of ['data', 'readonly', 'outside', 'pickup']) mkdirSync(join(this.#root, name));
    for (const name of ['readonly', 'outside']) writeFileSync(join(this.#root, name, 'canary.txt'), 'CANARY');
    symlinkSync(join(this.#root, 'outside'), join(this.#root, 'data', 'link'));
  }

  run(source: string, outcome: Outcome): string | undefined {
    let text = '';
    const ended = runJob(this.#job(source), {
      waiting: {
        waitFor: (operation) => {
          if (operation === 'script.pickup') return join(this.#root, 'pickup');
          if (operation === 'script.stdin') return undefined;
          if (operation === 'smtp.submit')
            return { kind: 'failed', stage: 'connect', cause: 'not-connected', reason: 'fuzz' };
          if (operation === 'nntp.post') return { outcome: 'not-connected', response: 'fuzz' };
          if (operation === 'http.get')
            return { url: '', contentType: '', bytes: new Uint8Array(), status: 0, statusText: 'fuzz' };
          throw new AutomationError(0x8007_0005 | 0, 'Refused.');
        },
      },
      write: (_stream, piece) => {
        text += piece;
      },
      sleep: () => {},
      cache: this.#cache,
      onDefect: (defect) => {
        this.#defect = String((defect as Error).stack ?? defect);
      },
    });
    if (this.#defect !== undefined) return `stray throw: ${this.#defect}`;
    outcome.compiled = !(ended.kind === 'failed' && ended.problem.source.includes('compilation'));
    outcome.completed = ended.kind === 'finished';
    if (text.includes('CANARY')) return 'read what lies outside its folders';
    if (ended.kind === 'crashed') return `crashed: ${ended.reason}`;
    if (ended.kind === 'failed' && !(ended.problem.line > 0)) return `no line: ${ended.problem.description}`;
    return undefined;
  }

  #job(source: string): ScriptJob {
    return {
      source,
      language: 'vbscript',
      displayName: 'fuzz.vbs',
      fullName: 'C:\\data\\fuzz.vbs',
      arguments: ['one', '/two:2', '/three+'],
      jobName: undefined,
      folders: [
        { windows: 'C:\\data', folder: join(this.#root, 'data'), access: 'write' },
        { windows: 'R:\\', folder: join(this.#root, 'readonly'), access: 'read' },
      ],
      currentFolder: 'C:\\data',
      machine: {
        computerName: 'FUZZ',
        userName: 'fuzz',
        userDomain: 'FUZZ',
        variables: { TEMP: 'C:\\Windows\\Temp' },
        codePage: 1252,
        mailAddress: 'fuzz@example.test',
      },
      limits: { ...DEFAULT_LIMITS, ...LIMITS },
      locale: 1033,
      mode: 'interactive',
    };
  }

  damage(): string | undefined {
    const seen = ['outside', 'readonly']
      .map(
        (name) =>
          `${readdirSync(join(this.#root, name)).join()}=${readFileSync(join(this.#root, name, 'canary.txt'), 'utf8')}`,
      )
      .join(' ');
    if (seen !== 'canary.txt=CANARY canary.txt=CANARY')
      return `changed what lies outside its folders: ${seen}`;
    const beside = readdirSync(this.#root).sort().join();
    return beside === 'data,outside,pickup,readonly' ? undefined : `changed the folder above: ${beside}`;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
