/**
 * The `mailroot` command: finds the command that the arguments name, parses its options, runs it, reports its errors.
 * Owns: the list of commands, help, exit codes.  Leaves: everything else (one file per command).
 */
import { parseArgs } from 'node:util';
import { RelayError, toRelayError } from '../base/index.ts';
import {
  COMMON_OPTIONS,
  type Command,
  type CommandIo,
  EXIT,
  type Option,
  type OptionValues,
  print,
  UsageError,
} from './command.ts';

/** The files of commands, by the first word of what they hold: only the one that is asked for is loaded. */
const SHELVES: readonly {
  readonly words: readonly string[];
  readonly load: () => Promise<readonly Command[]>;
}[] = [
  {
    words: ['start', 'stop', 'reload'],
    load: async () => {
      const { startCommand, stopCommand, reloadCommand } = await import('./start.ts');
      return [startCommand, stopCommand, reloadCommand];
    },
  },
  { words: ['status'], load: async () => [(await import('./status.ts')).statusCommand] },
  { words: ['send'], load: async () => [(await import('./send.ts')).sendCommand] },
  { words: ['asp'], load: async () => [(await import('./asp.ts')).aspCommand] },
  { words: ['script'], load: async () => [(await import('./script.ts')).scriptCommand] },
  { words: ['queue'], load: async () => (await import('./queue.ts')).queueCommands },
  { words: ['badmail'], load: async () => (await import('./badmail.ts')).badmailCommands },
  {
    words: ['trace'],
    load: async () => [
      (await import('./trace.ts')).traceCommand,
      (await import('./trace-asp.ts')).traceAspCommand,
    ],
  },
  { words: ['user'], load: async () => (await import('./user.ts')).userCommands },
  { words: ['init'], load: async () => [(await import('./init.ts')).initCommand] },
  { words: ['config'], load: async () => (await import('./config.ts')).configCommands },
  { words: ['import'], load: async () => (await import('./import.ts')).importCommands },
  { words: ['events'], load: async () => [(await import('./events.ts')).eventsCommand] },
  { words: ['doctor'], load: async () => [(await import('./doctor.ts')).doctorCommand] },
  {
    words: ['setup-permissions'],
    load: async () => [(await import('./setup-permissions.ts')).setupPermissionsCommand],
  },
  { words: ['service'], load: async () => (await import('./service.ts')).serviceCommands() },
  { words: ['version'], load: async () => [(await import('./version.ts')).versionCommand] },
];

/** Every command, in the order of the overview. */
export async function allCommands(): Promise<readonly Command[]> {
  return (await Promise.all(SHELVES.map(({ load }) => load()))).flat();
}

/** Runs the command line and resolves to the exit code. Never rejects. */
export async function runCommandLine(args: readonly string[], io: CommandIo): Promise<number> {
  const found = await findCommand(args);
  if (found === undefined) {
    const wantsHelp = args.length === 0 || args[0] === '--help' || args[0] === '-h' || args[0] === 'help';
    if (wantsHelp) {
      print(io, await overview());
      return EXIT.done;
    }
    io.stderr.write(
      `mailroot: there is no command '${args.slice(0, 2).join(' ')}'.\n\n${await overview()}\n`,
    );
    return EXIT.usage;
  }
  const { command, rest } = found;
  try {
    if (command.takesWordsAsTheyAre === true) return await command.run({ values: {}, positionals: rest, io });
    const { values, positionals } = parse(command, rest);
    if (values['help'] === true) {
      print(io, commandHelp(command));
      return EXIT.done;
    }
    return await command.run({ values, positionals, io });
  } catch (thrown) {
    return report(thrown, command, rest, io);
  }
}

/** The longest command name that the arguments begin with. */
async function findCommand(
  args: readonly string[],
): Promise<{ command: Command; rest: readonly string[] } | undefined> {
  const shelf = SHELVES.find(({ words }) => words.includes(args[0] ?? ''));
  const commands = (await shelf?.load()) ?? [];
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ');
    const command = commands.find((candidate) => candidate.name === name);
    if (command !== undefined && args.length >= words) return { command, rest: args.slice(words) };
  }
  return undefined;
}

function parse(command: Command, args: readonly string[]): { values: OptionValues; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries({ ...COMMON_OPTIONS, ...command.options }).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short && { short }), ...(multiple && { multiple }) },
    ]),
  );
  try {
    return parseArgs({
      args: [...args],
      options,
      allowPositionals: command.arguments !== undefined,
      strict: true,
    });
  } catch (thrown) {
    throw new UsageError((thrown as Error).message);
  }
}

function report(thrown: unknown, command: Command, args: readonly string[], io: CommandIo): number {
  if (thrown instanceof UsageError) {
    io.stderr.write(`mailroot ${command.name}: ${thrown.message}\nSee 'mailroot ${command.name} --help'.\n`);
    return EXIT.usage;
  }
  const error = thrown instanceof RelayError ? thrown : toRelayError(thrown, `running '${command.name}'`);
  if (args.includes('--json')) {
    io.stderr.write(`${JSON.stringify({ error: { code: error.code, text: error.message } })}\n`);
  } else {
    io.stderr.write(`mailroot ${command.name}: ${error.message}\n`);
  }
  return error.code === 'not-running' ? EXIT.notRunning : EXIT.failed;
}

async function overview(): Promise<string> {
  const commands = await allCommands();
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Mailroot: the successor to the Windows SMTP service.',
    '',
    'usage: mailroot COMMAND [OPTIONS]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    "'mailroot COMMAND --help' explains one command. Start with 'mailroot start'.",
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  if (command.takesWordsAsTheyAre === true) return command.details ?? command.summary;
  const describe = (options: Readonly<Record<string, Option>>): string[] => {
    const rows = Object.entries(options).map(([name, { short, value, doc }]) => {
      const flag = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
      return [flag, doc] as const;
    });
    const width = Math.max(0, ...rows.map(([flag]) => flag.length));
    return rows.map(([flag, doc]) => `  ${flag.padEnd(width)}  ${doc}`);
  };
  return [
    `usage: mailroot ${command.name} [OPTIONS]${command.arguments === undefined ? '' : ` ${command.arguments}`}`,
    '',
    command.summary,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    ...describe({ ...command.options, ...COMMON_OPTIONS }),
  ].join('\n');
}

/** Runs the command that this process was started for; the launcher calls it. */
export async function main(): Promise<void> {
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    folder: process.cwd(),
  });
}

if (import.meta.main) await main();
