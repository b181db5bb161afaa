/** `mailroot badmail list | show | replay`. */
import { formatSize } from '../config/index.ts';
import type { BadmailEntry } from '../control/index.ts';
import { type Command, EXIT, output, table, text, UsageError } from './command.ts';
import { formatTime } from './format.ts';
import { withService } from './queue.ts';

const list: Command = {
  name: 'badmail list',
  summary: 'List what could be neither delivered nor returned, newest first.',
  options: { limit: { type: 'string', value: 'N', doc: 'At most this many. Default: 100.' } },
  async run(invocation) {
    const limit = Number(text(invocation, 'limit') ?? 100);
    if (!Number.isInteger(limit) || limit < 1)
      throw new UsageError('--limit: a whole number from 1 is expected');
    const entries: BadmailEntry[] = [];
    const { more } = await withService(invocation, (service) =>
      service.ask('badmail.list', { limit }, (entry) => entries.push(entry)),
    );
    output(invocation, { files: entries, more }, () => {
      if (entries.length === 0) return 'Badmail is empty.';
      const rows = entries.map((entry) => [
        entry.name,
        formatTime(entry.at),
        formatSize(entry.bytes),
        entry.sender ?? '',
        entry.reason,
      ]);
      const lines = table([['NAME', 'WHEN', 'SIZE', 'FROM', 'REASON'], ...rows]);
      return more ? `${lines}\n… there are more; raise --limit.` : lines;
    });
    return EXIT.done;
  },
};

const show: Command = {
  name: 'badmail show',
  summary: 'Show one file: reason, envelope, header.',
  arguments: 'NAME',
  options: {},
  async run(invocation) {
    const [name, ...extra] = invocation.positionals;
    if (name === undefined || extra.length > 0)
      throw new UsageError('one name is expected, as badmail list prints it');
    const shown = await withService(invocation, (service) => service.ask('badmail.show', { name }));
    output(invocation, shown, () => {
      const { entry, header } = shown;
      return [
        `${entry.name}  ${formatTime(entry.at)}  ${formatSize(entry.bytes)}  server '${entry.server}'`,
        `reason: ${entry.reason} (${entry.reasonClass})`,
        `from: ${entry.sender ?? 'unknown'}`,
        ...(entry.recipients ?? []).map((recipient) => `to: ${recipient}`),
        '',
        header.trimEnd(),
      ].join('\n');
    });
    return EXIT.done;
  },
};

const replay: Command = {
  name: 'badmail replay',
  summary: 'Put messages back into the queue with their envelope.',
  arguments: '[NAME …]',
  options: { all: { type: 'boolean', doc: 'All messages in Badmail.' } },
  async run(invocation) {
    const names = invocation.positionals;
    const isAll = invocation.values['all'] === true;
    if (names.length === 0 && !isAll)
      throw new UsageError('names are expected, as badmail list prints them, or --all');
    const { messages } = await withService(invocation, (service) =>
      service.ask('badmail.replay', { names, ...(isAll && { all: true as const }) }),
    );
    output(
      invocation,
      { messages },
      () => `${messages} ${messages === 1 ? 'message' : 'messages'} put back into the queue.`,
    );
    return messages > 0 ? EXIT.done : EXIT.failed;
  },
};

export const badmailCommands: readonly Command[] = [list, show, replay];
