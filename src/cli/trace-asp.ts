/**
 * `mailroot trace asp [show ID | next N]`: what pages did, line by line, and where their mail is now.
 * Owns: which folders are meant, asking the relay about mail.  Leaves: files and layout (asp).
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { MailRecord, MailWhereabouts, StoredTrace } from '../asp/index.ts';
import { RelayError } from '../base/index.ts';
import type { ControlClient, FoundMessage } from '../control/index.ts';
import {
  askService,
  type Command,
  EXIT,
  findConfig,
  type Invocation,
  loadFoundConfig,
  output,
  print,
  table,
  text,
  UsageError,
} from './command.ts';
import { formatTime } from './format.ts';
import { traceFolderOf } from './sites.ts';

export const traceAspCommand: Command = {
  name: 'trace asp',
  summary:
    'List and show traces of ASP pages: lines, conditions, calls, errors, and where their mail is now.',
  arguments: '[show ID | next N]',
  options: {
    folder: {
      type: 'string',
      value: 'DIR',
      doc: "The folder with the traces, as given to 'mailroot asp --trace'. Default: those of the configured sites.",
    },
    site: { type: 'string', value: 'NAME', doc: 'Only this site of the configuration.' },
    path: { type: 'string', value: 'PATTERN', doc: 'next: only pages whose path fits, with *.' },
    freb: {
      type: 'string',
      value: 'FILE',
      doc: 'show: write the trace as XML of Failed Request Tracing into FILE; - for standard output.',
    },
  },
  details: [
    'Without a word it lists what is kept, newest last. `show ID` shows one; while the relay runs, it is asked where each mail',
    'of the page is now. `next N` makes the running site record the next N requests.',
    '',
    '  mailroot trace asp next 1 --path /contact.asp',
    '  mailroot trace asp show fr000007',
  ].join('\n'),
  async run(invocation) {
    const [verb, operand, ...extra] = invocation.positionals;
    if (extra.length > 0) throw new UsageError(`'${extra[0]}' is one word too many`);
    switch (verb) {
      case undefined:
      case 'list':
        return list(invocation);
      case 'show':
        if (operand === undefined) throw new UsageError("which trace? 'mailroot trace asp' lists them");
        return show(invocation, operand);
      case 'next':
        return next(invocation, operand);
      default:
        throw new UsageError(`there is no '${verb}': show ID or next N is expected`);
    }
  },
};

async function list(invocation: Invocation): Promise<number> {
  const { LIST_HEADING, listRow } = await import('../asp/index.ts');
  const { traces, folders } = await allTraces(invocation);
  output(
    invocation,
    { traces: traces.map(({ records, ...summary }) => ({ ...summary, records: records.length })) },
    () =>
      traces.length === 0
        ? `There are no traces in ${folders.join(', ')}. Record the next request with: mailroot trace asp next 1`
        : table([[...LIST_HEADING], ...traces.map(listRow)]),
  );
  return EXIT.done;
}

async function show(invocation: Invocation, id: string): Promise<number> {
  const { frebXml, mailsOf, traceText } = await import('../asp/index.ts');
  const { traces, folders } = await allTraces(invocation);
  const found = traces.filter((candidate) => candidate.id === id.toLowerCase().replace(/\.(json|xml)$/, ''));
  const [trace] = found;
  if (trace === undefined)
    throw new RelayError(
      'refused',
      `There is no trace ${id} in ${folders.join(', ')}. 'mailroot trace asp' lists them.`,
    );
  if (found.length > 1)
    throw new UsageError(
      `${id} is a trace of several sites: ${found.map(({ site }) => site).join(', ')}; name one with --site`,
    );
  const freb = text(invocation, 'freb');
  if (freb !== undefined) {
    const xml = frebXml(trace);
    if (freb === '-') print(invocation.io, xml.trimEnd());
    else {
      writeFileSync(resolve(invocation.io.folder, freb), xml, { mode: 0o600 });
      output(invocation, { file: freb }, () => `${trace.id} is in ${freb}.`);
    }
    return EXIT.done;
  }
  const mails = mailsOf(trace);
  const known = mails.length === 0 ? undefined : await askRelay(invocation, mails);
  const messagesOf = known ?? new Map<MailRecord, readonly FoundMessage[]>();
  output(
    invocation,
    {
      ...trace,
      mail: mails.map(({ messageId, way }, at) => ({
        messageId,
        way,
        messages: messagesOf.get(mails[at]!) ?? null,
      })),
    },
    () => traceText(trace, whereabouts(mails, known)),
  );
  return EXIT.done;
}

async function next(invocation: Invocation, count: string | undefined): Promise<number> {
  const { wishForTraces } = await import('../asp/index.ts');
  const requests = Number(count ?? '1');
  if (!Number.isInteger(requests) || requests < 1 || requests > 1000)
    throw new UsageError('how many requests? A number from 1 to 1000 is expected');
  const path = text(invocation, 'path');
  const folders = traceFolders(invocation);
  for (const folder of folders)
    await wishForTraces(folder, { requests, ...(path !== undefined && { path }) });
  output(invocation, { requests, folders }, () => {
    const what = requests === 1 ? 'The next request' : `The next ${requests} requests`;
    return `${what}${path === undefined ? '' : ` for ${path}`} will be recorded. Then: mailroot trace asp`;
  });
  return EXIT.done;
}

/** Every trace of the folders meant, oldest first; damaged files are told on standard error. */
async function allTraces(
  invocation: Invocation,
): Promise<{ readonly traces: readonly StoredTrace[]; readonly folders: readonly string[] }> {
  const { readTraces } = await import('../asp/index.ts');
  const folders = traceFolders(invocation);
  const read = await Promise.all(folders.map((folder) => readTraces(folder)));
  for (const { file, reason } of read.flatMap(({ damaged }) => damaged))
    invocation.io.stderr.write(`mailroot trace asp: ${file} cannot be read: ${reason}\n`);
  return { traces: read.flatMap(({ traces }) => traces).sort((a, b) => a.at - b.at), folders };
}

function traceFolders(invocation: Invocation): readonly string[] {
  const folder = text(invocation, 'folder');
  if (folder !== undefined) return [resolve(invocation.io.folder, folder)];
  const config = loadFoundConfig(invocation, findConfig(invocation));
  const names = Object.keys(config.process.sites);
  const site = text(invocation, 'site');
  if (site !== undefined && !names.includes(site))
    throw new UsageError(
      `--site ${site}: the configuration has ${names.length === 0 ? 'no sites' : names.join(', ')}`,
    );
  if (names.length === 0)
    throw new UsageError(
      "the configuration has no sites; name the folder given to 'mailroot asp --trace' with --folder",
    );
  return (site === undefined ? names : [site]).map((name) => traceFolderOf(config, name));
}

/** What the relay knows of each mail; undefined: it does not run here. */
async function askRelay(
  invocation: Invocation,
  mails: readonly MailRecord[],
): Promise<Map<MailRecord, readonly FoundMessage[]> | undefined> {
  let service: ControlClient;
  try {
    service = await askService(invocation);
  } catch (thrown) {
    if (thrown instanceof RelayError && thrown.code === 'not-running') return undefined;
    throw thrown;
  }
  try {
    const found = new Map<MailRecord, readonly FoundMessage[]>();
    for (const mail of mails) {
      let { messages } = await service.ask('queue.find', { messageId: mail.messageId });
      // A mail without a Message-ID of its own gets one when it is taken: then the file's name finds it.
      if (messages.length === 0 && mail.way.kind === 'pickup')
        ({ messages } = await service.ask('queue.find', { pickupFile: fileName(mail.way.file) }));
      found.set(mail, messages);
    }
    return found;
  } finally {
    service.close();
  }
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function whereabouts(
  mails: readonly MailRecord[],
  known: ReadonlyMap<MailRecord, readonly FoundMessage[]> | undefined,
): MailWhereabouts {
  return new Map(
    mails.map((mail) => {
      if (known === undefined) return [mail, ['the relay does not run here; where it is now is not known']];
      const found = known.get(mail) ?? [];
      if (found.length === 0)
        return [
          mail,
          [
            mail.way.kind === 'pickup'
              ? 'the relay does not know it: still in Pickup, in Badmail, or gone from the history'
              : 'the relay does not know it: it went to another server',
          ],
        ];
      return [
        mail,
        found.flatMap(({ entry, isFinished }) => [
          `${entry.id}, ${isFinished ? 'finished' : 'in the queue'}, arrived ${formatTime(entry.arrivedAt)}`,
          ...entry.recipients.map(
            ({ address, state, lastResult }) =>
              `  ${address} ${state}${lastResult === undefined || lastResult === '' ? '' : `: ${lastResult}`}`,
          ),
        ]),
      ];
    }),
  );
}
