/**
 * Which destinations there are on this machine, and opening those that the settings name.
 * Owns: the words of `log.forward`, what `auto` finds, the program for the Windows event log.
 * Leaves: sending (destination.ts, channels.ts).
 * Node has no datagram sockets of the local kind, which /dev/log is: there the program `logger` stands between (decision 0441).
 * Fails: RelayError for words that nobody knows; whatever else is wrong is a trouble of that destination alone.
 * Sources: doc "sd-daemon"; doc "systemd.exec" (JOURNAL_STREAM); doc "logger(1)"; RFC 5424.
 */
import { existsSync, fstatSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { type Clock, type LogLevel, RelayError } from '../../base/index.ts';
import { parseSocketAddress } from '../../config/index.ts';
import { countedStream, datagrams, localStream, ownOutput, programInput } from './channels.ts';
import { Destination, type DestinationOptions } from './destination.ts';
import { prefixedLine, syslogLine, windowsLine } from './formats.ts';

/** What the machine offers; a test holds another one. */
export type ForwardMachine = {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The journal's socket for streams, and the socket of syslog. */
  readonly journalSocket: string;
  readonly syslogSocket: string;
  /** `device:inode` of our standard error. */
  readonly errorOutput: () => string;
  readonly writeError: (text: string) => void;
  /** The program that hands lines to syslog, and the one that hands them to the Windows event log. */
  readonly loggerProgram: readonly string[];
  readonly powershell: readonly string[];
};

export const thisForwardMachine: ForwardMachine = {
  platform: process.platform,
  environment: process.env,
  journalSocket: '/run/systemd/journal/stdout',
  syslogSocket: '/dev/log',
  errorOutput: () => {
    const { dev, ino } = fstatSync(2);
    return `${dev}:${ino}`;
  },
  writeError: (text) => void process.stderr.write(text),
  loggerProgram: ['logger'],
  powershell: ['powershell.exe', '-NoProfile', '-NonInteractive', '-EncodedCommand'],
};

export type ForwardSettings = {
  /** `auto`, `none`, `journal`, `syslog`, `udp:192.0.2.7:514`, `tcp:192.0.2.7:601`, `windows`. */
  readonly to: readonly string[];
  readonly level: LogLevel;
  /** True when people watch the terminal: `auto` then finds nothing, for they see the events. */
  readonly isWatched: boolean;
};

export type ForwardPorts = {
  readonly clock: Clock;
  readonly trouble: DestinationOptions['trouble'];
  readonly machine?: ForwardMachine;
};

export function openDestinations(settings: ForwardSettings, ports: ForwardPorts): readonly Destination[] {
  const machine = ports.machine ?? thisForwardMachine;
  const words = settings.to.flatMap((word) =>
    word === 'auto' ? found(machine, settings.isWatched) : word === 'none' ? [] : [word],
  );
  return [...new Set(words)].map((word) => {
    const ways = wayOf(word, machine);
    if (ways === undefined)
      throw new RelayError(
        'config-invalid',
        `log.forward: '${word}' is none of auto, none, journal, syslog, windows, udp:ADDRESS:PORT, tcp:ADDRESS:PORT.`,
      );
    return new Destination({ ...ways, level: settings.level, clock: ports.clock, trouble: ports.trouble });
  });
}

/** One place at most: the journal hands on to syslog by itself. */
function found(machine: ForwardMachine, isWatched: boolean): string[] {
  if (isWatched) return [];
  if (machine.platform === 'win32') return ['windows'];
  if (isJournalOurs(machine) || isSocket(machine.journalSocket)) return ['journal'];
  return isSocket(machine.syslogSocket) ? ['syslog'] : [];
}

type Way = Pick<DestinationOptions, 'name' | 'open' | 'format'>;

function wayOf(word: string, machine: ForwardMachine): Way | undefined {
  const sender = { host: hostname(), pid: process.pid };
  if (word === 'journal') {
    // systemd reads our standard error already: the priority in front of each line is all it needs.
    if (isJournalOurs(machine))
      return {
        name: 'the journal',
        open: ownOutput(machine.writeError),
        format: (event) => prefixedLine(event, 'none'),
      };
    // Name, unit, priority, then four switches: prefixes are read, nothing is handed on by this stream.
    const greeting = `mailroot\n\n6\n1\n0\n0\n0\n`;
    return {
      name: `the journal at ${machine.journalSocket}`,
      open: localStream(machine.journalSocket, greeting),
      format: (event) => prefixedLine(event, 'mail'),
    };
  }
  if (word === 'syslog') {
    const [program, ...args] = machine.loggerProgram;
    const options = ['--tag', 'mailroot', `--id=${sender.pid}`, '--prio-prefix', '--socket-errors=on'];
    return {
      name: `syslog at ${machine.syslogSocket}`,
      open: programInput(program!, [...args, ...options, '--socket', machine.syslogSocket]),
      format: (event) => prefixedLine(event, 'mail'),
    };
  }
  if (word === 'windows') {
    const [program, ...args] = machine.powershell;
    const encoded = Buffer.from(WRITE_ENTRIES, 'utf16le').toString('base64');
    return {
      name: 'the Windows event log',
      open: programInput(program!, [...args, encoded]),
      format: windowsLine,
    };
  }
  const remote = /^(udp|tcp):(.+)$/.exec(word);
  const address = remote === null ? undefined : parseSocketAddress(remote[2]!);
  if (remote === null || address?.ok !== true) return undefined;
  const { address: host, port } = address.value;
  return {
    name: `syslog at ${word}`,
    open: remote[1] === 'udp' ? datagrams(host, port) : countedStream(host, port),
    format: (event) => syslogLine(event, sender),
  };
}

/** JOURNAL_STREAM names what systemd connected; it counts only while our standard error is still that. */
function isJournalOurs({ environment, errorOutput }: ForwardMachine): boolean {
  const named = environment['JOURNAL_STREAM'];
  if (named === undefined || named === '') return false;
  try {
    return errorOutput() === named;
  } catch {
    return false;
  }
}

function isSocket(path: string): boolean {
  return existsSync(path) && statSync(path).isSocket();
}

/**
 * What powershell.exe runs. Each line of its input is JSON and only data; none is ever read as a command. The source is made
 * once, which needs an administrator; without it the entries go under the source that always exists.
 */
const WRITE_ENTRIES = [
  "$source = 'Mailroot'",
  "try { if (-not [Diagnostics.EventLog]::SourceExists($source)) { [Diagnostics.EventLog]::CreateEventSource($source, 'Application') } } catch { $source = 'Application' }",
  'while ($null -ne ($line = [Console]::In.ReadLine())) { try { $entry = ConvertFrom-Json $line; [Diagnostics.EventLog]::WriteEntry($source, $entry.text, $entry.type, $entry.id) } catch { [Console]::Error.WriteLine($_.Exception.Message) } }',
].join('; ');
