/** `mailroot events`: the last events of the log, with the numbers that the old products gave them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toRelayError } from '../base/index.ts';
import { WINDOWS_EVENTS, type WindowsEvent } from '../events/index.ts';
import { type Command, EXIT, loadFoundConfig, output, text, UsageError } from './command.ts';

type LoggedEvent = {
  readonly time: string;
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** As the old product would have shown it, where it had one. */
  readonly windows?: WindowsEvent;
};

const LEVELS = ['debug', 'info', 'warn', 'error'];
const FILE_NAME = /^mailroot-\d{4}-\d{2}-\d{2}\.log$/;

export const eventsCommand: Command = {
  name: 'events',
  summary: 'List the last events of the log, with Windows source and id where there is one.',
  details:
    'The log is read, no service need run. docs/events.md lists the numbers.\nExample: mailroot events --numbered --limit 20',
  options: {
    limit: { type: 'string', value: 'N', doc: 'At most this many, the newest. Default: 50.' },
    level: { type: 'string', value: 'LEVEL', doc: 'debug, info, warn or error and worse. Default: warn.' },
    numbered: { type: 'boolean', doc: 'Only events that have a Windows id, of any level.' },
  },
  async run(invocation) {
    const limit = Number(text(invocation, 'limit') ?? 50);
    if (!Number.isInteger(limit) || limit < 1)
      throw new UsageError('--limit: a whole number from 1 is expected');
    const least = LEVELS.indexOf(text(invocation, 'level') ?? 'warn');
    if (least < 0) throw new UsageError(`--level: one of ${LEVELS.join(', ')} is expected`);
    const onlyNumbered = invocation.values['numbered'] === true;
    const config = loadFoundConfig(invocation);
    const folder = config.process.log.folder ?? join(config.servers[0]!.mailroot, 'Log');
    const wanted = (event: LoggedEvent): boolean =>
      onlyNumbered ? event.windows !== undefined : LEVELS.indexOf(event.level) >= least;
    const events = lastEvents(folder, limit, wanted);
    output(invocation, { events }, () =>
      events.length === 0 ? 'There are no such events.' : events.map(eventLine).join('\n'),
    );
    return EXIT.done;
  },
};

/** Oldest first. Files are read from the newest back until enough is found. */
function lastEvents(folder: string, limit: number, wanted: (event: LoggedEvent) => boolean): LoggedEvent[] {
  let events: LoggedEvent[] = [];
  try {
    const files = readdirSync(folder)
      .filter((name) => FILE_NAME.test(name))
      .sort()
      .reverse();
    for (const name of files) {
      const found = readFileSync(join(folder, name), 'utf8').split('\n').flatMap(parseLine).filter(wanted);
      events = [...found, ...events];
      if (events.length >= limit) break;
    }
  } catch (thrown) {
    throw toRelayError(thrown, `reading the log in ${folder}`);
  }
  return events.slice(-limit);
}

/** A line that was cut by a crash is passed over. */
function parseLine(line: string): LoggedEvent[] {
  try {
    const { time, level, event, ...fields } = JSON.parse(line) as Record<string, unknown>;
    if (typeof time !== 'string' || typeof level !== 'string' || typeof event !== 'string') return [];
    const windows = WINDOWS_EVENTS[event];
    return [{ time, level, event, fields, ...(windows !== undefined && { windows }) }];
  } catch {
    return [];
  }
}

function eventLine({ time, level, event, fields, windows }: LoggedEvent): string {
  const number = windows === undefined ? level : `${windows.severity}, ${windows.source} ${windows.id}`;
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [
    `${time}  ${number}  ${event}`,
    ...(windows === undefined ? [] : [`  ${windows.meaning}`]),
    ...(shown.length === 0 ? [] : [`  ${shown.join(' ')}`]),
  ].join('\n');
}
