/**
 * `mailroot script`. Also the program of its own that `bin/mailroot.mjs` starts for it, so that a script does not wait for the
 * other commands to load; the configuration too is loaded only when a script needs its folders.
 */
import { runScriptCommand, SCRIPT_USAGE, type ServiceFolders, type StartedThread } from '../script/index.ts';
import type { Command, CommandIo } from './command.ts';

export const scriptCommand: Command = {
  name: 'script',
  summary: 'Run a VBScript file (.vbs, .wsf) as cscript does, with the mail objects.',
  arguments: 'FILE [ARGUMENT …]',
  options: {},
  details: SCRIPT_USAGE,
  takesWordsAsTheyAre: true,
  run: ({ positionals, io }) => run(positionals, io),
};

function run(words: readonly string[], io: CommandIo, thread?: StartedThread): Promise<number> {
  return runScriptCommand(words, io, { findFolders: (options) => findFolders(options, io), thread });
}

/** The folders of the configuration that the options lead to. A broken configuration is told and counts as none. */
async function findFolders(
  options: { readonly config: string | undefined; readonly mailroot: string | undefined },
  io: CommandIo,
): Promise<ServiceFolders | undefined> {
  const { loadFoundConfig } = await import('./command.ts');
  const { programFolders } = await import('../config/index.ts');
  try {
    const { config, mailroot } = options;
    return programFolders(loadFoundConfig({ values: { config, mailroot }, positionals: [], io }));
  } catch (thrown) {
    io.stderr.write(`mailroot script: ${(thrown as Error).message}\n`);
    return undefined;
  }
}

/** Runs the command that this process was started for; the launcher calls it, and has started its thread already. */
export async function main(thread?: StartedThread): Promise<void> {
  const { stdin, stdout, stderr, env: environment } = process;
  const io = { stdin, stdout, stderr, environment, folder: process.cwd() };
  process.exitCode = await run(process.argv.slice(3), io, thread);
}
