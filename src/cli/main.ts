/**
 * The `mailroot` command: finds the command that the arguments name, parses its options, runs it, reports its errors.
 * Owns: the list of commands, help, exit codes.  Leaves: everything else (one file per command).
 */
import { parseArgs } from 'node:util';
import { RelayError, toRelayError } from '../base/index.ts';
import { badmailCommands } from './badmail.ts';
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
import { configCommands } from './config.ts';
import { doctorCommand } from './doctor.ts';
import { importCommands } from './import.ts';
import { initCommand } from './init.ts';
import { queueCommands } from './queue.ts';
import { scriptCommand } from './script.ts';
import { sendCommand } from './send.ts';
import { serviceCommands } from './service.ts';
import { setupPermissionsCommand } from './setup-permissions.ts';
import { reloadCommand, startCommand, stopCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { traceCommand } from './trace.ts';
import { userCommands } from './user.ts';
import { versionCommand } from './version.ts';

export const COMMANDS: readonly Command[] = [
  startCommand,
  stopCommand,
  reloadCommand,
  statusCommand,
  sendCommand,
  scriptCommand,
  ...queueCommands,
  ...badmailCommands,
  traceCommand,
  ...userCommands,
  initCommand,
  ...configCommands,
  ...importCommands,
  doctorCommand,
  setupPermissionsCommand,
  ...serviceCommands,
  versionCommand,
];

/** Runs the command line and resolves to the exit code. Never rejects. */
export async function runCommandLine(args: readonly string[], io: CommandIo): Promise<number> {
  const found = findCommand(args);
  if (found === undefined) {
    const wantsHelp = args.length === 0 || args[0] === '--help' || args[0] === '-h' || args[0] === 'help';
    if (wantsHelp) {
      print(io, overview());
      return EXIT.done;
    }
    io.stderr.write(`mailroot: there is no command '${args.slice(0, 2).join(' ')}'.\n\n${overview()}\n`);
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
function findCommand(args: readonly string[]): { command: Command; rest: readonly string[] } | undefined {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ');
    const command = COMMANDS.find((candidate) => candidate.name === name);
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

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return [
    'Mailroot: the successor to the Windows SMTP service.',
    '',
    'usage: mailroot COMMAND [OPTIONS]',
    '',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
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
