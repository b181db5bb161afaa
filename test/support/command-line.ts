/** Runs commands as an operator types them, in this process and in a folder of the test. */
import { PassThrough, Readable } from 'node:stream';
import { runCommandLine } from '../../src/cli/main.ts';

export type CommandRun = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** A `run(...words)` for `folder`: nothing on standard input, an empty environment. */
export function commandsIn(folder: string): (...args: readonly string[]) => Promise<CommandRun> {
  return async (...args) => {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const stdin = Readable.from([]) as unknown as NodeJS.ReadableStream;
    const code = await runCommandLine(args, { stdin, stdout, stderr, environment: {}, folder });
    return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
  };
}
