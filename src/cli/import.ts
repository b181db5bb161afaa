/** `mailroot import iis`: the settings of an old server become a configuration file with a report beside it. */

import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { nodeDisk, type ParseResult, RelayError, toRelayError, writeDurably } from '../base/index.ts';
import {
  importExchangeIms,
  importIis,
  importReport,
  type SettingsImport,
  tooLarge,
  XML_BOUNDS,
} from '../import/index.ts';
import { type Command, EXIT, type Invocation, type Option, output, text, UsageError } from './command.ts';
import { importMailCommands, takeMail } from './import-mail.ts';

const SETTINGS_OPTIONS: Readonly<Record<string, Option>> = {
  'dry-run': { type: 'boolean', doc: 'Show settings and report, write nothing. Do this first.' },
  output: {
    type: 'string',
    short: 'o',
    value: 'FILE',
    doc: 'The configuration file to write; it must not exist. Default: mailroot.yaml here.',
  },
  'keep-paths': {
    type: 'boolean',
    doc: 'Keep Windows paths of folders: the new service runs on Windows. Default on Windows.',
  },
};

const exchange: Command = {
  name: 'import exchange-ims',
  summary: 'Take over the Internet Mail Service of Exchange 5.5 from registry exports, and its mail.',
  arguments: 'FILE.REG',
  details:
    'Export HKLM\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeIMC, …\\MSExchangeIS\\ParametersSystem and\n' +
    'HKLM\\SOFTWARE\\Microsoft\\Exchange\\Active Messaging into one file. With --imcdata the mail in that folder is taken\n' +
    "over too, as 'mailroot import mail' does it.",
  options: {
    ...SETTINGS_OPTIONS,
    imcdata: {
      type: 'string',
      value: 'DIR',
      doc: 'The imcdata folder, or a copy of it, whose mail is taken over.',
    },
  },
  async run(invocation) {
    let imported: SettingsImport | undefined;
    const code = await importSettings(invocation, 'a .reg file', (bytes, source, target) => {
      const result = importExchangeIms(bytes, {
        source,
        target,
        ...mailrootOption(invocation),
        platform: keepsPaths(invocation) ? 'windows' : 'posix',
      });
      if (result.ok) imported = result.value;
      return result;
    });
    const imcdata = text(invocation, 'imcdata');
    if (imcdata === undefined || imported === undefined) return code;
    return takeMail(invocation, {
      oldRoot: resolve(invocation.io.folder, imcdata),
      server: imported.config.servers[0]!,
      layout: 'imcdata',
    });
  },
};

const iis: Command = {
  name: 'import iis',
  summary: 'Take over the settings of a Windows SMTP service from its MetaBase.xml.',
  arguments: 'METABASE.XML',
  details:
    'The file lies in C:\\Windows\\System32\\inetsrv. Every line of the new configuration says where it came from; a report\n' +
    'beside it sets old and new side by side, and lists what must be done by hand. What was open to everybody is closed.\n' +
    'Example: mailroot import iis MetaBase.xml --mailroot /var/spool/mailroot --dry-run',
  options: SETTINGS_OPTIONS,
  run: (invocation) =>
    importSettings(invocation, 'MetaBase.xml', (bytes, source, target) =>
      importIis(bytes, {
        source,
        target,
        ...mailrootOption(invocation),
        platform: keepsPaths(invocation) ? 'windows' : 'posix',
      }),
    ),
};

export const importCommands: readonly Command[] = [iis, exchange, ...importMailCommands];

function mailrootOption(invocation: Invocation): { mailroot?: string } {
  const mailroot = text(invocation, 'mailroot');
  return mailroot === undefined ? {} : { mailroot: resolve(invocation.io.folder, mailroot) };
}

function keepsPaths(invocation: Invocation): boolean {
  return invocation.values['keep-paths'] === true || process.platform === 'win32';
}

/** Reads the old settings, shows or writes the new ones. */
export async function importSettings(
  invocation: Invocation,
  expected: string,
  convert: (bytes: Buffer, source: string, target: string) => ParseResult<SettingsImport>,
): Promise<number> {
  const { io } = invocation;
  const [named, ...extra] = invocation.positionals;
  if (named === undefined || extra.length > 0) throw new UsageError(`one file is expected: ${expected}`);
  const source = resolve(io.folder, named);
  const target = resolve(io.folder, text(invocation, 'output') ?? 'mailroot.yaml');
  const isDryRun = invocation.values['dry-run'] === true;
  const reportFile = join(dirname(target), `${basename(target, extname(target))}-import.txt`);
  if (!isDryRun) for (const file of [target, reportFile]) mustNotExist(file);
  const converted = convert(readBounded(source), basename(source), target);
  if (!converted.ok) {
    throw new RelayError('config-invalid', `${source}: ${converted.reason}`, { fields: { file: source } });
  }
  const { text: settings, notes, rows } = converted.value;
  const report = importReport(`Import of ${basename(source)}`, rows, notes);
  if (!isDryRun) {
    await write(target, settings);
    await write(reportFile, report);
  }
  const byKind = (kind: string): number => notes.filter((note) => note.kind === kind).length;
  output(
    invocation,
    { written: isDryRun ? null : { settings: target, report: reportFile }, settings, notes, rows },
    () => {
      const counted = `${byKind('warning')} warnings, ${byKind('todo')} things to do by hand.`;
      return isDryRun
        ? `${settings}\n${report}\n${counted} Nothing was written; leave out --dry-run to write ${target}.`
        : `Settings written to ${target}, report to ${reportFile}.\n${counted} Read the report, then: mailroot config check --config ${target}`;
    },
  );
  return EXIT.done;
}

function mustNotExist(file: string): void {
  if (existsSync(file)) {
    throw new RelayError(
      'name-taken',
      `${file} exists and is not overwritten; move it away or name another with --output`,
    );
  }
}

async function write(file: string, content: string): Promise<void> {
  try {
    await writeDurably(
      nodeDisk,
      { folder: dirname(file), name: basename(file), mode: 0o640, temporaryId: randomUUID() },
      [Buffer.from(content)],
    );
  } catch (thrown) {
    throw toRelayError(thrown, `writing ${file}`);
  }
}

/** The whole file, unless it is larger than anything that is read. */
function readBounded(file: string): Buffer {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    const { size } = fstatSync(handle);
    if (size > XML_BOUNDS.bytes) throw new RelayError('config-invalid', `${file}: ${tooLarge(size)}`);
    // Pipes tell no size, so the bound holds while reading too.
    const pieces: Buffer[] = [];
    let total = 0;
    for (;;) {
      const piece = Buffer.alloc(65_536);
      const read = readSync(handle, piece);
      if (read === 0) return Buffer.concat(pieces);
      total += read;
      if (total > XML_BOUNDS.bytes) throw new RelayError('config-invalid', `${file}: ${tooLarge(total)}`);
      pieces.push(piece.subarray(0, read));
    }
  } catch (thrown) {
    throw toRelayError(thrown, `reading ${file}`);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
