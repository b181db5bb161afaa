/**
 * `mailroot-sendmail`: what programs call as sendmail. The message becomes a file in Pickup, so that it is safe also
 * while the service does not run, and the caller needs no right but to add files there.
 * Owns: sendmail's options, its end-of-input rule, its exit codes.  Leaves: everything after the file is in Pickup.
 * Sources: doc "sendmail(8), submission options"; sysexits.h for the exit codes.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { createIdSource, nodeDisk, RelayError, toRelayError, writeDurably } from '../base/index.ts';
import { type NamedServer, serverFolders } from '../config/index.ts';
import { decodeWords, parseMailboxes, printAddress, scanHeader } from '../message/index.ts';
import { type CommandIo, loadFoundConfig, serverName } from './command.ts';

const EXIT = {
  ok: 0,
  usage: 64,
  dataError: 65,
  unavailable: 69,
  temporary: 75,
  noPermission: 77,
  config: 78,
} as const;

type SendmailOptions = {
  readonly recipients: readonly string[];
  readonly fromHeader: boolean;
  readonly dotEnds: boolean;
  readonly sender: string | undefined;
  readonly fullName: string | undefined;
  readonly notify: string | undefined;
  readonly returnContent: string | undefined;
  readonly envelopeId: string | undefined;
  readonly mode: 'message' | 'smtp' | 'queue';
  readonly config: string | undefined;
  readonly mailroot: string | undefined;
};

/** Runs the command and resolves to its exit code. Never rejects. */
export async function runSendmail(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === undefined) {
      io.stderr.write('usage: mailroot-sendmail [-t] [-i] [-f SENDER] [RECIPIENT …]\n');
      return EXIT.usage;
    }
    const values = { config: options.config, mailroot: options.mailroot };
    const server = loadFoundConfig({ values, positionals: [], io }).servers[0]!;
    if (options.mode === 'smtp') return await speakSmtp(server, io);
    if (options.mode === 'queue') {
      const { runCommandLine } = await import('./main.ts');
      return await runCommandLine(['queue', 'list'], io);
    }
    return await submit(options, server, io);
  } catch (thrown) {
    const error = thrown instanceof RelayError ? thrown : toRelayError(thrown, 'taking the message');
    io.stderr.write(`mailroot-sendmail: ${error.message}\n`);
    if (error.code === 'config-invalid' || error.code === 'config-unreadable') return EXIT.config;
    return error.code === 'permission-denied' ? EXIT.noPermission : EXIT.temporary;
  }
}

/** Options with a value, written together (`-fa@b`) or apart (`-f a@b`). */
const WITH_VALUE = 'fFrNRVBXhLopCdM';

function parseOptions(args: readonly string[]): SendmailOptions | undefined {
  const given = new Map<string, string>();
  const flags = new Set<string>();
  const recipients: string[] = [];
  let index = 0;
  for (; index < args.length; index += 1) {
    const arg = args[index]!;
    if (arg === '--') break;
    const long = /^--(config|mailroot)(?:=(.*))?$/.exec(arg);
    if (long !== null) {
      given.set(long[1]!, long[2] ?? args[(index += 1)] ?? '');
      continue;
    }
    if (!arg.startsWith('-') || arg === '-') {
      recipients.push(arg);
      continue;
    }
    const letter = arg[1]!;
    const rest = arg.slice(2);
    if (letter === 'b' || letter === 'q') given.set(letter, rest);
    else if (letter === 'o' && rest !== '') flags.add(`o${rest}`);
    else if (WITH_VALUE.includes(letter)) given.set(letter, rest !== '' ? rest : (args[(index += 1)] ?? ''));
    else for (const flag of arg.slice(1)) flags.add(flag);
  }
  recipients.push(...args.slice(index + 1));
  const mode = given.get('b') === 's' ? 'smtp' : given.get('b') === 'p' ? 'queue' : 'message';
  if (mode === 'message' && recipients.length === 0 && !flags.has('t')) return undefined;
  return {
    recipients,
    fromHeader: flags.has('t'),
    dotEnds: !flags.has('i') && !flags.has('oi'),
    sender: given.get('f') ?? given.get('r'),
    fullName: given.get('F'),
    notify: given.get('N'),
    returnContent: given.get('R'),
    envelopeId: given.get('V'),
    mode,
    config: given.get('config'),
    mailroot: given.get('mailroot'),
  };
}

async function submit(options: SendmailOptions, server: NamedServer, io: CommandIo): Promise<number> {
  const message = await readMessage(io.stdin as AsyncIterable<Buffer>, options.dotEnds);
  const header = scanHeader(message);
  const user = userInfo().username;
  const domain = server.domains.default ?? serverName(server);
  const recipients = [...options.recipients];
  if (options.fromHeader) {
    for (const field of header.fields) {
      if (!['to', 'cc', 'bcc'].includes(field.key)) continue;
      recipients.push(
        ...parseMailboxes(field.value).map((mailbox) => printAddress({ ...mailbox, displayName: '' })),
      );
    }
  }
  if (recipients.length === 0) {
    io.stderr.write('mailroot-sendmail: no recipients: neither on the command line nor in To, Cc and Bcc.\n');
    return EXIT.dataError;
  }
  const sender = options.sender ?? `${user}@${domain}`;
  // No argument of a caller may become a further line of the file.
  const broken = [sender, ...recipients, options.envelopeId ?? '', options.fullName ?? ''].find((value) =>
    /[\r\n\0]/.test(value),
  );
  if (broken !== undefined) {
    io.stderr.write(`mailroot-sendmail: an argument holds a line break: ${JSON.stringify(broken)}\n`);
    return EXIT.dataError;
  }
  const lines = [
    `x-sender: ${bracketed(sender)}${parameters({ RET: options.returnContent, ENVID: options.envelopeId })}`,
    ...recipients.map(
      (recipient) => `x-receiver: ${bracketed(recipient)}${parameters({ NOTIFY: options.notify })}`,
    ),
  ];
  if (header.first('from') === undefined) {
    lines.push(
      `From: ${fromValue(options.fullName, sender === '<>' || sender === '' ? `${user}@${domain}` : sender)}`,
    );
  }
  const folder = serverFolders(server).pickup;
  const id = createIdSource(Date.now).next();
  try {
    // A message without any header begins with its body: the blank line keeps it one.
    const separator = header.fields.length === 0 && !header.hasBlankLine ? '\n' : '';
    await writeDurably(nodeDisk, { folder, name: `sendmail-${id}.eml`, temporaryId: id, mode: 0o600 }, [
      Buffer.from(`${lines.join('\n')}\n${separator}`),
      message,
    ]);
  } catch (thrown) {
    throw toRelayError(thrown, `writing the message to ${folder}`);
  }
  return EXIT.ok;
}

/** Reads the message; unless told otherwise, a line with a single dot ends it. */
async function readMessage(stdin: AsyncIterable<Buffer>, dotEnds: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  const whole = Buffer.concat(chunks);
  if (!dotEnds) return whole;
  if (/^\.\r?\n/.test(whole.subarray(0, 3).toString('latin1'))) return Buffer.alloc(0);
  const end = /\n\.\r?(?:\n|$)/.exec(whole.toString('latin1'));
  return end === null ? whole : whole.subarray(0, end.index + 1);
}

/** `-bs`: an SMTP session on standard input and output, spoken by the running service. */
async function speakSmtp(server: NamedServer, io: CommandIo): Promise<number> {
  const listener = server.listen.find(({ tls }) => tls !== 'implicit');
  if (listener === undefined)
    throw new RelayError('not-running', 'The server has no listener that -bs could speak to.');
  const { address, port } = listener.address;
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
  } catch (thrown) {
    throw new RelayError('not-running', `No Mailroot service answers at ${host} port ${port}.`, {
      cause: thrown,
    });
  }
  io.stdin.pipe(socket);
  socket.pipe(io.stdout, { end: false });
  await once(socket, 'close');
  return EXIT.ok;
}

function bracketed(address: string): string {
  return address === '' || address === '<>' ? '<>' : /[<>]/.test(address) ? address : `<${address}>`;
}

function parameters(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => ` ${name}=${value}`)
    .join('');
}

function fromValue(fullName: string | undefined, sender: string): string {
  const [mailbox] = parseMailboxes(sender);
  if (mailbox === undefined) return sender;
  return printAddress({ ...mailbox, displayName: decodeWords(fullName ?? '') });
}

/** Runs the command that this process was started for; the launcher calls it. */
export async function main(): Promise<void> {
  process.exitCode = await runSendmail(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    folder: process.cwd(),
  });
}

if (import.meta.main) await main();
