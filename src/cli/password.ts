/** Reads a password without showing it: twice from a terminal, or one line from standard input. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { type CommandIo, UsageError } from './command.ts';

export async function readPassword(io: CommandIo): Promise<string> {
  const password = io.stdin.isTTY ? await askTwice(io) : await readLine(io);
  if (password === '') throw new UsageError('the password is empty');
  return password;
}

async function readLine(io: CommandIo): Promise<string> {
  const lines = createInterface({ input: io.stdin });
  for await (const line of lines) return line;
  return '';
}

async function askTwice(io: CommandIo): Promise<string> {
  // Readline echoes what is typed to its output; this one swallows it.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: silent, terminal: true });
  try {
    io.stderr.write('Password: ');
    const first = await lines.question('');
    io.stderr.write('\nAgain: ');
    const second = await lines.question('');
    io.stderr.write('\n');
    if (first !== second) throw new UsageError('the two passwords differ');
    return first;
  } finally {
    lines.close();
  }
}
