/**
 * What a command is, and what all commands share: options, output, finding the configuration, asking the service.
 * Exit codes: 0 done; 1 refused or failed; 2 wrong use; 3 no service runs.
 */
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { RelayError, toRelayError } from '../base/index.ts';
import {
  type Config,
  type ConfigProblem,
  loadConfig,
  type NamedServer,
  parseHostPort,
  parseSocketAddress,
  type RawSettings,
  serverFolders,
} from '../config/index.ts';
import { ControlClient, controlAddress } from '../control/index.ts';

export const EXIT = { done: 0, failed: 1, usage: 2, notRunning: 3 } as const;

/** An option: its type for the parser, its value's name and its meaning for help. */
export type Option = {
  readonly type: 'string' | 'boolean';
  readonly multiple?: true;
  readonly short?: string;
  /** `FILE`, `HOST:PORT`; absent for switches. */
  readonly value?: string;
  readonly doc: string;
};

export type OptionValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export type Command = {
  /** `queue list`. */
  readonly name: string;
  readonly summary: string;
  /** Arguments after the name: `[ID …]`. */
  readonly arguments?: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Lines under the summary in `--help`, with an example. */
  readonly details?: string;
  /** The command reads its words itself, options and --help included: they arrive as positionals. */
  readonly takesWordsAsTheyAre?: true;
  run(invocation: Invocation): Promise<number>;
};

export type Invocation = {
  readonly values: OptionValues;
  readonly positionals: readonly string[];
  readonly io: CommandIo;
};

export type CommandIo = {
  readonly stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
};

/** Wrong use of a command; `main` prints the text and how to get help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Options of every command. */
export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  config: {
    type: 'string',
    value: 'FILE',
    doc: 'Configuration file. Default: mailroot.yaml here, else /etc/mailroot/mailroot.yaml, else none.',
  },
  mailroot: { type: 'string', value: 'DIR', doc: 'The mailroot folder. Default: mailroot here.' },
  json: { type: 'boolean', doc: 'Print JSON for programs.' },
  help: { type: 'boolean', short: 'h', doc: 'Print this help.' },
};

/** Options that stand for settings, for `start` and `config`. */
export const SETTING_OPTIONS: Readonly<Record<string, Option>> = {
  listen: {
    type: 'string',
    multiple: true,
    value: 'IP:PORT',
    doc: 'Listen for SMTP here (may be repeated). Default: 127.0.0.1:2525 and [::1]:2525.',
  },
  'smart-host': { type: 'string', value: 'HOST:PORT', doc: 'Send all remote mail to this host.' },
  dns: { type: 'string', multiple: true, value: 'IP:PORT', doc: 'Ask this DNS server (may be repeated).' },
  'local-domain': {
    type: 'string',
    multiple: true,
    value: 'NAME',
    doc: 'Mail for this domain goes to Drop (may be repeated); the first completes addresses.',
  },
  fqdn: { type: 'string', value: 'NAME', doc: 'The name of this server in greetings and Received lines.' },
};

export function print(io: CommandIo, text: string): void {
  io.stdout.write(`${text}\n`);
}

/** Prints a value as JSON for programs, or lets `human` print it. */
export function output(invocation: Invocation, value: unknown, human: () => string): void {
  print(invocation.io, invocation.values['json'] === true ? JSON.stringify(value, null, 2) : human());
}

export function text(invocation: Invocation, option: string): string | undefined {
  const value = invocation.values[option];
  return typeof value === 'string' ? value : undefined;
}

export function texts(invocation: Invocation, option: string): readonly string[] {
  const value = invocation.values[option];
  return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
}

/** Where the configuration comes from. */
export type ConfigSource = {
  /** Absolute; undefined when defaults and flags are all there is. */
  readonly file: string | undefined;
  readonly text: string;
  /** The folder that relative paths are taken from when there is no file. */
  readonly base: string;
  readonly flags: RawSettings;
};

/** Finds the configuration file by option, environment, this folder, /etc. Throws RelayError when a named one is missing. */
export function findConfig(invocation: Invocation): ConfigSource {
  const { io } = invocation;
  const named = text(invocation, 'config') ?? io.environment['MAILROOT_CONFIG'];
  const candidates =
    named === undefined
      ? [join(io.folder, 'mailroot.yaml'), '/etc/mailroot/mailroot.yaml'].filter((path) => existsSync(path))
      : [resolve(io.folder, named)];
  const file = text(invocation, 'mailroot') !== undefined && named === undefined ? undefined : candidates[0];
  const flags = flagSettings(invocation);
  if (file === undefined) return { file, text: '', base: join(io.folder, 'mailroot.yaml'), flags };
  try {
    return { file, text: readFileSync(file, 'utf8'), base: file, flags };
  } catch (thrown) {
    const { message } = toRelayError(thrown, `reading ${file}`);
    throw new RelayError('config-unreadable', message, { cause: thrown });
  }
}

export class ConfigError extends RelayError {
  readonly file: string | undefined;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string | undefined, problems: readonly ConfigProblem[]) {
    super('config-invalid', formatProblems(file, problems));
    this.file = file;
    this.problems = problems;
  }
}

export function formatProblems(file: string | undefined, problems: readonly ConfigProblem[]): string {
  return problems
    .map(({ path, line, text: problem }) => {
      const place = [file ?? 'command line', ...(line === undefined ? [] : [String(line)])].join(':');
      return `${place}: ${path === '' ? '' : `${path}: `}${problem}`;
    })
    .join('\n');
}

/** Loads the configuration that the options and this folder lead to. Throws ConfigError with every problem. */
export function loadFoundConfig(
  invocation: Invocation,
  source: ConfigSource = findConfig(invocation),
): Config {
  const result = loadConfig(source.text, source.base, source.flags);
  if (!result.ok) throw new ConfigError(source.file, result.problems);
  return result.config;
}

function flagSettings(invocation: Invocation): RawSettings {
  const { io } = invocation;
  const flags: Record<string, unknown> = {};
  const mailroot = text(invocation, 'mailroot');
  if (mailroot !== undefined) flags['mailroot'] = resolve(io.folder, mailroot);
  const listen = texts(invocation, 'listen');
  for (const address of listen) mustBe(parseSocketAddress(address), '--listen', address);
  if (listen.length > 0) flags['listen'] = listen;
  const fqdn = text(invocation, 'fqdn');
  if (fqdn !== undefined) flags['fqdn'] = fqdn;
  const delivery: Record<string, unknown> = {};
  const smartHost = text(invocation, 'smart-host');
  if (smartHost !== undefined) {
    mustBe(parseHostPort(smartHost), '--smart-host', smartHost);
    delivery['smartHost'] = smartHost;
  }
  const dns = texts(invocation, 'dns').map((server) => (/[:\]]\d+$/.test(server) ? server : `${server}:53`));
  for (const server of dns) mustBe(parseSocketAddress(server), '--dns', server);
  if (dns.length > 0) delivery['dnsServers'] = dns;
  if (Object.keys(delivery).length > 0) flags['delivery'] = delivery;
  const domains = texts(invocation, 'local-domain');
  if (domains.length > 0) flags['domains'] = { default: domains[0], local: domains.slice(1) };
  return flags;
}

function mustBe(result: { ok: true } | { ok: false; reason: string }, option: string, found: string): void {
  if (!result.ok) throw new UsageError(`${option} ${found}: ${result.reason}`);
}

/** The Queue folder of a server. */
export function queueFolder(server: NamedServer): string {
  return serverFolders(server).queue;
}

/** The fully qualified name of a server: as set, else the computer's. */
export function serverName(server: NamedServer): string {
  return server.fqdn ?? hostname().toLowerCase();
}

/** Connects to the running service of this configuration, or says that none runs and how to start it. */
export async function askService(invocation: Invocation): Promise<ControlClient> {
  const config = loadFoundConfig(invocation);
  const server = config.servers[0]!;
  try {
    return await ControlClient.connect(controlAddress(queueFolder(server)));
  } catch (thrown) {
    if (!(thrown instanceof RelayError) || thrown.code !== 'not-running') throw thrown;
    throw new RelayError(
      'not-running',
      `No Mailroot service runs with the mailroot ${server.mailroot}.\n` +
        "Start it with 'mailroot start', or name another one with --mailroot DIR or --config FILE.",
      { cause: thrown },
    );
  }
}

/** Columns padded to the widest cell; the last column is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, index) => Math.max(all[index] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]!))).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n');
}
