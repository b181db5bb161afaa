/** `mailroot status`. */
import { formatSize } from '../config/index.ts';
import type { StatusReport } from '../control/index.ts';
import { type Command, EXIT, output, table } from './command.ts';
import { formatAge, formatTime } from './format.ts';
import { withService } from './queue.ts';

export const statusCommand: Command = {
  name: 'status',
  summary: 'Tell whether the service runs, what waits, and why.',
  options: {},
  async run(invocation) {
    const status = await withService(invocation, (service) => service.ask('status', {}));
    output(invocation, status, () => formatStatus(status));
    return EXIT.done;
  },
};

function formatStatus(status: StatusReport): string {
  const lines = [
    `Mailroot ${status.version} runs since ${formatTime(status.startedAt)} (process ${status.pid}, ${formatSize(Math.round(status.memoryBytes / 2 ** 20) * 2 ** 20)} of memory).`,
  ];
  for (const server of status.servers) {
    const listening =
      server.listening.length === 0 ? 'Pickup only' : `listens on ${server.listening.join(', ')}`;
    lines.push(
      '',
      `Server '${server.name}' (${server.fqdn}): ${listening}, ${server.sessions} sessions`,
      `  Pickup: ${server.pickup}`,
    );
  }
  for (const root of status.mailroots) {
    const { queued, deferred, held } = root.queue;
    lines.push(
      '',
      `Mailroot ${root.mailroot}`,
      `  Queue: ${queued} ready, ${deferred} waiting for a retry, ${held} held${root.isFrozen ? '; DELIVERY IS FROZEN (mailroot queue thaw)' : ''}`,
    );
    if (root.destinations.length > 0) {
      lines.push(
        table(
          root.destinations.map(({ domain, recipients, oldestAt, lastResult }) => [
            `    ${domain}`,
            String(recipients),
            `oldest ${formatAge(Date.now() - oldestAt)}`,
            lastResult ?? '',
          ]),
        ),
      );
    }
    for (const { file, reason } of root.stuckFiles) lines.push(`  Not taken from Pickup: ${file}: ${reason}`);
    lines.push(
      `  Badmail: ${root.badmail.files} messages, ${formatSize(root.badmail.bytes)}${root.badmail.files > 0 ? ' (mailroot badmail list)' : ''}`,
    );
  }
  const counters = Object.entries(status.counters).filter(([, value]) => value > 0);
  if (counters.length > 0)
    lines.push('', 'Since the start:', table(counters.map(([name, value]) => [`  ${name}`, String(value)])));
  return lines.join('\n');
}
