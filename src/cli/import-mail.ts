/** `mailroot import mail | drafts | confirm | discard`: takes over the mail that lies in the folders of an old server. */
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { nodeDisk, toRelayError } from '../base/index.ts';
import { formatSize, type NamedServer, serverFolders } from '../config/index.ts';
import { type Envelope, formatPath } from '../envelope/index.ts';
import {
  type AdoptedKind,
  adopt,
  CopyOnce,
  type Draft,
  Drafts,
  draftEnvelope,
  draftRecipients,
  type OldLayout,
  planAdoption,
} from '../import/index.ts';
import {
  type Command,
  EXIT,
  type Invocation,
  loadFoundConfig,
  type Option,
  output,
  table,
  text,
  texts,
  UsageError,
} from './command.ts';
import { formatTime } from './format.ts';

const SERVER: Option = {
  type: 'string',
  value: 'NAME',
  doc: 'The virtual server that gets the mail. Default: the first.',
};

const WHERE_TO: Readonly<Record<AdoptedKind, string>> = {
  pickup: 'Pickup',
  drop: 'Drop',
  badmail: 'Badmail',
  draft: 'drafts',
};

const mail: Command = {
  name: 'import mail',
  summary: 'Take over the mail in an old Mailroot or imcdata folder: in order, each file once.',
  arguments: 'OLD_FOLDER',
  details:
    'The old folder is only read. A file that was taken is remembered in the new mailroot (folder Import), so the command may\n' +
    'be repeated after a crash, always with the same folder. Queue files, whose envelope Windows kept beside them, become\n' +
    "drafts: see 'mailroot import drafts'. Stop the old service first.",
  options: {
    layout: {
      type: 'string',
      value: 'KIND',
      doc: 'mailroot (Windows SMTP service) or imcdata (Exchange). Default: by what lies there.',
    },
    server: SERVER,
    'dry-run': { type: 'boolean', doc: 'List what would be taken, change nothing.' },
  },
  async run(invocation) {
    const [named, ...extra] = invocation.positionals;
    if (named === undefined || extra.length > 0)
      throw new UsageError('one folder is expected: the old Mailroot or imcdata');
    const oldRoot = resolve(invocation.io.folder, named);
    const server = chosenServer(invocation);
    return takeMail(invocation, { oldRoot, server, layout: layoutOf(invocation, oldRoot) });
  },
};

/** Takes the mail of an old folder into a server's folders, or lists it for --dry-run. */
export async function takeMail(
  invocation: Invocation,
  { oldRoot, server, layout }: { oldRoot: string; server: NamedServer; layout: OldLayout },
): Promise<number> {
  const targets = targetsOf(server);
  const own = new Set(Object.values(targets).map((folder) => resolve(folder)));
  // The service that goes on in the folder of the old one: what lies in its own folders is where it belongs.
  const items = (await planAdoption(nodeDisk, oldRoot, layout)).filter(
    ({ source }) => !own.has(resolve(dirname(source))),
  );
  const counts: Record<string, number> = {};
  const listed = items.map(({ kind, source, bytes }) => ({ from: source, to: WHERE_TO[kind], bytes }));
  if (invocation.values['dry-run'] !== true) {
    await adopt(nodeDisk, new CopyOnce(nodeDisk, server.mailroot), items, targets, (_, { kind }) => {
      counts[kind] = (counts[kind] ?? 0) + 1;
    });
  }
  output(invocation, { layout, items: listed, results: counts }, () => {
    if (items.length === 0) return `No mail lies in ${oldRoot}.`;
    const lines = [
      table([['FILE', 'SIZE', 'TO'], ...listed.map(({ from, to, bytes }) => [from, formatSize(bytes), to])]),
    ];
    const { copied = 0, finished = 0, 'taken-before': before = 0 } = counts;
    if (invocation.values['dry-run'] === true)
      lines.push(`${items.length} files would be taken; nothing was changed.`);
    else lines.push(`${copied + finished} files taken over, ${before} had been taken before.`);
    if (items.some(({ kind }) => kind === 'draft'))
      lines.push("Queue files became drafts; go on with 'mailroot import drafts'.");
    return lines.join('\n');
  });
  return EXIT.done;
}

const drafts: Command = {
  name: 'import drafts',
  summary: 'List messages from an old queue, with the envelope that their header suggests.',
  options: { server: SERVER },
  async run(invocation) {
    const found = await draftsOf(chosenServer(invocation)).list();
    output(invocation, { drafts: found.map(shown) }, () => {
      if (found.length === 0) return 'There are no drafts.';
      return found
        .map((draft) => {
          const { name, sender, recipients, subject, doubts } = shown(draft);
          return [
            `${name}  ${formatTime(draft.modifiedAtMs)}  ${formatSize(draft.bytes)}`,
            `  from ${sender ?? 'nobody'} to ${recipients.join(', ') || 'nobody'}: ${subject}`,
            ...doubts.map((doubt) => `  ! ${doubt}`),
          ].join('\n');
        })
        .concat(
          "\nSend one with 'mailroot import confirm NAME', or with --recipient to somebody else; drop one with 'mailroot import discard NAME'.",
        )
        .join('\n');
    });
    return EXIT.done;
  },
};

const confirm: Command = {
  name: 'import confirm',
  summary: 'Send drafts: put them into Pickup with a confirmed envelope.',
  arguments: 'NAME …',
  options: {
    server: SERVER,
    sender: {
      type: 'string',
      value: 'ADDRESS',
      doc: 'Reverse-path; <> for none. Default: as the header suggests.',
    },
    recipient: {
      type: 'string',
      multiple: true,
      value: 'ADDRESS',
      doc: 'Recipient (may be repeated). Default: as the header suggests.',
    },
  },
  async run(invocation) {
    const names = namesOf(invocation);
    const server = chosenServer(invocation);
    const all = draftsOf(server);
    const sender = text(invocation, 'sender');
    // All envelopes are settled before the first draft leaves.
    const ready: { draft: Draft; envelope: Envelope }[] = [];
    for (const name of names) {
      const draft = await all.find(name);
      const envelope = draftEnvelope(draft, {
        recipients: texts(invocation, 'recipient'),
        ...(sender !== undefined && { sender }),
      });
      if (!envelope.ok) throw new UsageError(envelope.reason);
      ready.push({ draft, envelope: envelope.value });
    }
    const once = new CopyOnce(nodeDisk, server.mailroot);
    const sent: { draft: string; file: string; recipients: number }[] = [];
    for (const { draft, envelope } of ready) {
      const { name } = await all.confirm(draft, envelope, targetsOf(server).pickup, once);
      sent.push({ draft: draft.name, file: name, recipients: envelope.recipients.length });
    }
    output(invocation, { sent }, () =>
      sent
        .map(({ draft, file, recipients }) => `${draft}: in Pickup as ${file}, for ${recipients} recipients.`)
        .join('\n'),
    );
    return EXIT.done;
  },
};

const discard: Command = {
  name: 'import discard',
  summary: 'Delete drafts that need not be sent. The old file stays where it lies.',
  arguments: 'NAME …',
  options: { server: SERVER },
  async run(invocation) {
    const all = draftsOf(chosenServer(invocation));
    const names = namesOf(invocation);
    for (const name of names) await all.discard(await all.find(name));
    output(invocation, { discarded: names }, () => `${names.length} drafts deleted.`);
    return EXIT.done;
  },
};

export const importMailCommands: readonly Command[] = [mail, drafts, confirm, discard];

function shown(draft: Draft): {
  name: string;
  sender?: string;
  recipients: string[];
  subject: string;
  doubts: readonly string[];
} {
  const { name, sender, subject, doubts } = draft;
  return {
    name,
    subject,
    doubts,
    recipients: draftRecipients(draft),
    ...(sender !== undefined && { sender: formatPath(sender) }),
  };
}

function namesOf(invocation: Invocation): readonly string[] {
  if (invocation.positionals.length === 0)
    throw new UsageError("names are expected, as 'mailroot import drafts' prints them");
  return invocation.positionals;
}

function chosenServer(invocation: Invocation): NamedServer {
  const { servers } = loadFoundConfig(invocation);
  const wanted = text(invocation, 'server');
  const server = wanted === undefined ? servers[0] : servers.find(({ name }) => name === wanted);
  if (server === undefined) {
    throw new UsageError(
      `--server ${wanted}: the configuration has ${servers.map(({ name }) => `'${name}'`).join(', ')}`,
    );
  }
  return server;
}

function draftsOf(server: NamedServer): Drafts {
  return new Drafts(nodeDisk, targetsOf(server).draft);
}

function targetsOf(server: NamedServer): Record<AdoptedKind, string> {
  const { pickup, drop, badmail } = serverFolders(server);
  return { pickup, drop, badmail, draft: join(server.mailroot, 'Import', 'Drafts') };
}

function layoutOf(invocation: Invocation, oldRoot: string): OldLayout {
  const wanted = text(invocation, 'layout');
  if (wanted === 'mailroot' || wanted === 'imcdata') return wanted;
  if (wanted !== undefined) throw new UsageError(`--layout ${wanted}: mailroot or imcdata is expected`);
  try {
    statSync(oldRoot);
  } catch (thrown) {
    throw toRelayError(thrown, `reading ${oldRoot}`);
  }
  const has = (name: string): boolean =>
    statSync(join(oldRoot, name), { throwIfNoEntry: false })?.isDirectory() === true;
  return ['Out', 'OUT', 'out', 'In', 'IN', 'in'].some(has) ? 'imcdata' : 'mailroot';
}
