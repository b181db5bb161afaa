/** `mailroot queue list | show | retry | hold | release | delete | bounce | export | freeze | thaw`. */
import { once } from 'node:events';
import { formatSize, parseDuration } from '../config/index.ts';
import type { ControlClient, QueueEntry, QueueFilter } from '../control/index.ts';
import {
  askService,
  type Command,
  EXIT,
  type Invocation,
  type Option,
  output,
  table,
  text,
  UsageError,
} from './command.ts';
import { formatAge, formatTime } from './format.ts';

const FILTER_OPTIONS: Readonly<Record<string, Option>> = {
  sender: { type: 'string', value: 'TEXT', doc: 'Only messages whose sender contains this.' },
  recipient: { type: 'string', value: 'TEXT', doc: 'Only messages with a recipient that contains this.' },
  domain: { type: 'string', value: 'NAME', doc: 'Only messages to this domain.' },
  state: {
    type: 'string',
    value: 'STATE',
    doc: 'Only messages with a recipient in this state: queued, deferred, held.',
  },
  'older-than': { type: 'string', value: 'AGE', doc: "Only messages older than this: '2h', '1d'." },
};

const ALL: Readonly<Record<string, Option>> = {
  all: { type: 'boolean', doc: 'All messages in the queue.' },
};

const DEFAULT_LIMIT = 100;

const list: Command = {
  name: 'queue list',
  summary: 'List the messages that wait, oldest first.',
  options: {
    ...FILTER_OPTIONS,
    limit: { type: 'string', value: 'N', doc: `At most this many. Default: ${DEFAULT_LIMIT}.` },
  },
  async run(invocation) {
    const limit = Number(text(invocation, 'limit') ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1)
      throw new UsageError('--limit: a whole number from 1 is expected');
    const filter = filterOf(invocation);
    const entries: QueueEntry[] = [];
    const { more } = await withService(invocation, (service) =>
      service.ask('queue.list', { filter: isEmpty(filter) ? { all: true } : filter, limit }, (entry) =>
        entries.push(entry),
      ),
    );
    output(invocation, { messages: entries, more }, () => formatList(entries, more));
    return EXIT.done;
  },
};

const show: Command = {
  name: 'queue show',
  summary: 'Show one message: recipients, what happened so far, header.',
  arguments: 'ID',
  options: {},
  async run(invocation) {
    const [id, ...extra] = invocation.positionals;
    if (id === undefined || extra.length > 0) throw new UsageError('one message id is expected');
    const shown = await withService(invocation, (service) => service.ask('queue.show', { id }));
    output(invocation, shown, () => {
      const { entry, events, header, isFinished } = shown;
      return [
        `${entry.id}  ${entry.sender}  ${formatSize(entry.bytes)}  ${isFinished ? 'finished' : 'in the queue'}`,
        `arrived ${formatTime(entry.arrivedAt)} by ${entry.origin} at server '${entry.server}'`,
        '',
        table(entry.recipients.map((recipient) => recipientRow(recipient))),
        ...(events.length > 0
          ? ['', table(events.map((event) => [formatTime(event.at), event.recipient, event.text]))]
          : []),
        ...(header === '' ? [] : ['', header.trimEnd()]),
      ].join('\n');
    });
    return EXIT.done;
  },
};

function actOn(
  verb: 'retry' | 'hold' | 'release' | 'delete' | 'bounce',
  summary: string,
  done: string,
): Command {
  return {
    name: `queue ${verb}`,
    summary,
    arguments: '[ID …]',
    options: { ...FILTER_OPTIONS, ...ALL },
    async run(invocation) {
      const filter = filterOf(invocation);
      if (isEmpty(filter)) throw new UsageError('name message ids, a filter such as --domain, or --all');
      const { io } = invocation;
      const { messages } = await withService(invocation, (service) =>
        service.ask(`queue.${verb}`, { filter }, (item) => {
          if (io.stderr.isTTY) io.stderr.write(`\r${item.done} messages …`);
        }),
      );
      output(
        invocation,
        { messages },
        () => `${messages} ${messages === 1 ? 'message' : 'messages'} ${done}.`,
      );
      return messages > 0 ? EXIT.done : EXIT.failed;
    },
  };
}

const exportCommand: Command = {
  name: 'queue export',
  summary: 'Write a queued message to standard output as a file for Pickup, with its envelope.',
  arguments: 'ID',
  options: {},
  async run(invocation) {
    const [id, ...extra] = invocation.positionals;
    if (id === undefined || extra.length > 0) throw new UsageError('one message id is expected');
    const { stdout } = invocation.io;
    await withService(invocation, (service) =>
      service.ask('queue.export', { id }, ({ base64 }) => stdout.write(Buffer.from(base64, 'base64'))),
    );
    if ('writableNeedDrain' in stdout && stdout.writableNeedDrain === true) await once(stdout, 'drain');
    return EXIT.done;
  },
};

function switchCommand(verb: 'freeze' | 'thaw', summary: string, done: string): Command {
  return {
    name: `queue ${verb}`,
    summary,
    options: {},
    async run(invocation) {
      await withService(invocation, (service) => service.ask(`queue.${verb}`, {}));
      output(invocation, { ok: true }, () => done);
      return EXIT.done;
    },
  };
}

export const queueCommands: readonly Command[] = [
  list,
  show,
  actOn('retry', 'Try messages again now.', 'will be tried now'),
  actOn('hold', 'Keep messages back until they are released.', 'held'),
  actOn('release', 'Let held messages go.', 'released'),
  actOn('delete', 'Delete messages without telling their senders.', 'deleted'),
  actOn('bounce', 'Return messages to their senders.', 'returned to sender'),
  exportCommand,
  switchCommand(
    'freeze',
    'Stop all delivery; mail is still accepted.',
    'Delivery stands still. Go on with: mailroot queue thaw',
  ),
  switchCommand('thaw', 'Go on delivering.', 'Delivery goes on.'),
];

export async function withService<T>(
  invocation: Invocation,
  use: (service: ControlClient) => Promise<T>,
): Promise<T> {
  const service = await askService(invocation);
  try {
    return await use(service);
  } finally {
    service.close();
  }
}

function filterOf(invocation: Invocation): QueueFilter {
  const age = text(invocation, 'older-than');
  const olderThan = age === undefined ? undefined : parseDuration(age);
  if (olderThan !== undefined && !olderThan.ok) throw new UsageError(`--older-than: ${olderThan.reason}`);
  const state = text(invocation, 'state');
  if (state !== undefined && !['queued', 'deferred', 'held'].includes(state)) {
    throw new UsageError('--state: queued, deferred or held is expected');
  }
  const sender = text(invocation, 'sender');
  const recipient = text(invocation, 'recipient');
  const domain = text(invocation, 'domain');
  return {
    ...(invocation.positionals.length > 0 && { ids: invocation.positionals }),
    ...(invocation.values['all'] === true && { all: true as const }),
    ...(sender !== undefined && { sender }),
    ...(recipient !== undefined && { recipient }),
    ...(domain !== undefined && { domain: domain.toLowerCase() }),
    ...(state !== undefined && { state: state as 'queued' | 'deferred' | 'held' }),
    ...(olderThan?.ok && { olderThanMs: olderThan.value }),
  };
}

function isEmpty(filter: QueueFilter): boolean {
  return Object.keys(filter).length === 0;
}

function formatList(entries: readonly QueueEntry[], more: boolean): string {
  if (entries.length === 0) return 'The queue is empty.';
  const rows = entries.flatMap((entry) =>
    entry.recipients.map((recipient, index) => [
      index === 0 ? entry.id : '',
      index === 0 ? formatAge(Date.now() - entry.arrivedAt) : '',
      index === 0 ? entry.sender : '',
      ...recipientRow(recipient),
    ]),
  );
  const lines = table([['ID', 'AGE', 'FROM', 'TO', 'STATE', 'TRIES', 'NEXT', 'LAST RESULT'], ...rows]);
  return more ? `${lines}\n… there are more; narrow the search or raise --limit.` : lines;
}

function recipientRow(recipient: QueueEntry['recipients'][number]): string[] {
  const next =
    recipient.state === 'deferred' && recipient.nextAttemptAt !== undefined
      ? formatTime(recipient.nextAttemptAt)
      : '';
  return [recipient.address, recipient.state, String(recipient.attempts), next, recipient.lastResult ?? ''];
}
