/** `mailroot doctor`: finds out why mail does not move. */
import { type Command, text, UsageError } from './command.ts';
import { runScan } from './doctor-scan.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Find out why mail does not move, and how to mend it.',
  details:
    '--scan reads .asp, .asa, .inc, .vbs, .js, .wsf, .config and php.ini below a folder and lists each place that sends mail\n' +
    'with its faults. Exit code 1 when an error was found.',
  options: {
    scan: { type: 'string', value: 'DIR', doc: 'Read the source files in this folder.' },
  },
  async run(invocation) {
    const folder = text(invocation, 'scan');
    if (folder === undefined) throw new UsageError('--scan DIR is expected');
    return runScan(invocation, folder);
  },
};
