/**
 * `mailroot script`: runs one script file in a thread and prints what it says.
 * Owns: from the command line to a job, the console, exit codes.  Leaves: the words of the command line (switches), threads (pool).
 * Exit codes: the script's own from WScript.Quit; 1 an error or a limit; 2 wrong use.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DataSource } from '../objects/index.ts';
import { ScriptPool } from './pool.ts';
import { EXIT_CODE, exitCodeOf, outcomeText } from './report.ts';
import type { ServicePolicy } from './services.ts';
import { COMMAND_MEMORY_MB, type StartedThread } from './start-thread.ts';
import { parseScriptCommandLine, SCRIPT_USAGE, type ScriptCommandLine, SwitchProblem } from './switches.ts';

export type ScriptCommandIo = {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly environment: NodeJS.ProcessEnv;
  /** The current folder. */
  readonly folder: string;
};

export type ScriptCommandEnvironment = {
  /**
   * The folders of the mail service that the configuration describes; undefined: there is none. Called only when a script needs
   * one of them, and once. `config` and `mailroot` are the options' values.
   */
  readonly findFolders: (options: {
    readonly config: string | undefined;
    readonly mailroot: string | undefined;
  }) => Promise<ServiceFolders | undefined>;
  /** Threads to use instead of one made for this command alone; stays the caller's. */
  readonly pool?: ScriptPool;
  /** A thread that `startScriptThread` started beforehand, for the pool made here. */
  readonly thread?: StartedThread | undefined;
};

/** Where a mail service takes messages and where it puts those for its own domains. */
export type ServiceFolders = {
  readonly pickup: string;
  readonly drop: string;
  /** Where CDONTS puts its messages instead, when programs use Exchange. */
  readonly exchangePickup?: string;
};

/** Runs `mailroot script ARGS`; `args` are the words after `script`. Resolves to the exit code, never rejects. */
export async function runScriptCommand(
  args: readonly string[],
  io: ScriptCommandIo,
  environment: ScriptCommandEnvironment,
): Promise<number> {
  try {
    const line = parseScriptCommandLine(args);
    if (line.wantsHelp) {
      await write(io.stdout, `${SCRIPT_USAGE}\n`);
      return 0;
    }
    return await run(line, io, environment);
  } catch (thrown) {
    if (!(thrown instanceof SwitchProblem)) throw thrown;
    await write(io.stderr, `mailroot script: ${thrown.message}\n`);
    return EXIT_CODE.usage;
  }
}

async function run(
  line: ScriptCommandLine,
  io: ScriptCommandIo,
  environment: ScriptCommandEnvironment,
): Promise<number> {
  const pool =
    environment.pool ??
    new ScriptPool({
      size: 1,
      warm: 1,
      memoryMb: COMMAND_MEMORY_MB,
      codeCache: io.environment['MAILROOT_CODE_CACHE'] || undefined,
      started: environment.thread,
    });
  try {
    if (line.showLogo) await write(io.stdout, 'Mailroot script host\n\n');
    const console = new Console(io);
    const variables = givenVariables(line, io.environment);
    const dataSources = await dataSourcesOf(line, io.folder);
    const outcome = await pool.run(
      {
        kind: 'command',
        line: { ...line, variables, dataSources: [] },
        folder: io.folder,
        dataSources: dataSources.open,
      },
      {
        services: servicesOf(line, io, environment, variables, dataSources.all),
        write: (stream, text) => console.write(stream, text),
      },
    );
    await console.end();
    if (outcome.kind === 'refused') throw new SwitchProblem(outcome.reason);
    const text = outcomeText(outcome, line.file);
    if (text !== undefined && line.mode === 'interactive') await write(io.stderr, `${text}\n`);
    return exitCodeOf(outcome);
  } finally {
    if (pool !== environment.pool) await pool.close();
  }
}

/**
 * The rows of --data-source: all of each, for the services, and without user and password, for the script's thread. Files lie
 * where the command was given; one that is not there is a mistake of the command line. No message shows what was
 * written, since it may hold a password.
 */
async function dataSourcesOf(
  line: ScriptCommandLine,
  folder: string,
): Promise<{ all: DataSource[]; open: DataSource[] }> {
  if (line.dataSources.length === 0) return { all: [], open: [] };
  const { DataSourceProblem, parseDataSource, withoutSecrets } = await import('../objects/index.ts');
  try {
    const all = line.dataSources.map((text) => parseDataSource(text, (file) => resolve(folder, file)));
    for (const { match, target } of all)
      if (target.kind === 'sqlite' && !existsSync(target.file))
        throw new DataSourceProblem(`there is no file ${target.file} for '${match}'.`);
    return { all, open: withoutSecrets(all) };
  } catch (thrown) {
    if (!(thrown instanceof DataSourceProblem)) throw thrown;
    throw new SwitchProblem(`--data-source: ${thrown.message}`);
  }
}

/** The variables of --env, with those taken over from this process. */
function givenVariables(line: ScriptCommandLine, environment: NodeJS.ProcessEnv): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(line.variables)) {
    const given = value ?? environment[name];
    if (given !== undefined) variables[name] = given;
  }
  return variables;
}

function servicesOf(
  line: ScriptCommandLine,
  io: ScriptCommandIo,
  environment: ScriptCommandEnvironment,
  variables: Readonly<Record<string, string>>,
  dataSources: readonly DataSource[],
): ServicePolicy {
  const input = textOf(io.stdin);
  let service: Promise<ServiceFolders | undefined> | undefined;
  /** A folder given with an option, else the service's; undefined when it is not there. */
  const folder = async (
    name: keyof ServiceFolders,
    given: string | undefined,
  ): Promise<string | undefined> => {
    service ??= given === undefined ? environment.findFolders(line) : undefined;
    const found = given === undefined ? (await service)?.[name] : resolve(io.folder, given);
    return found !== undefined && existsSync(found) ? found : undefined;
  };
  return {
    http: { allowedHosts: line.allowedHosts, maxBodyBytes: 64 * 1024 * 1024 },
    processes: { programs: line.programs, variables: { PATH: io.environment['PATH'] ?? '', ...variables } },
    smtpServers: ['*'],
    dataSources,
    readInput: async () => {
      const { value, done } = await input.next();
      return done === true ? undefined : value;
    },
    findPickup: () => folder('pickup', line.pickup),
    // A folder named by hand is for every message.
    findExchangePickup: async () =>
      line.pickup === undefined ? folder('exchangePickup', undefined) : undefined,
    findDrop: () => folder('drop', undefined),
  };
}

async function* textOf(stdin: NodeJS.ReadableStream): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  for await (const chunk of stdin) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk as Buffer, { stream: true });
    if (text !== '') yield text;
  }
  return undefined;
}

/** Standard output and error of the command. Scripts write CRLF; outside Windows a line ends in LF. */
class Console {
  readonly #io: ScriptCommandIo;
  /** A CR that ended the last text: whether an LF follows is known with the next one. */
  readonly #pending = { output: '', error: '' };

  constructor(io: ScriptCommandIo) {
    this.#io = io;
  }

  write(stream: 'output' | 'error', text: string): void | Promise<void> {
    const target = stream === 'output' ? this.#io.stdout : this.#io.stderr;
    if (process.platform === 'win32') return write(target, text);
    const all = this.#pending[stream] + text;
    const endsInCr = all.endsWith('\r');
    this.#pending[stream] = endsInCr ? '\r' : '';
    return write(target, (endsInCr ? all.slice(0, -1) : all).replaceAll('\r\n', '\n'));
  }

  async end(): Promise<void> {
    for (const stream of ['output', 'error'] as const)
      if (this.#pending[stream] !== '')
        await write(stream === 'output' ? this.#io.stdout : this.#io.stderr, this.#pending[stream]);
  }
}

/** Resolves when the text was taken; a reader that went away is no error of the script. */
function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((done) => {
    if (text === '') done();
    else stream.write(text, () => done());
  });
}
