/** `mailroot doctor`: finds out why mail does not move. */

import { resolve } from 'node:path';
import { RelayError, systemClock } from '../base/index.ts';
import { ControlClient, controlAddress, type StatusReport } from '../control/index.ts';
import { CHECKS, type Diagnosis, type DoctorContext, diagnose, thisMachine } from '../doctor/index.ts';
import {
  type Command,
  EXIT,
  findConfig,
  type Invocation,
  loadFoundConfig,
  output,
  queueFolder,
  serverName,
  text,
  texts,
  UsageError,
} from './command.ts';
import { runScan } from './doctor-scan.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Find out why mail does not move, and how to mend it.',
  details: [
    'Checks rights, Pickup, the service, access and the way out, and prints for each trouble what was seen, why it matters,',
    'the exact cure and a source. Exit code 1 when an error was found, 0 otherwise. Run it as root to try rights as others.',
    '--scan reads .asp, .asa, .inc, .vbs, .js, .wsf, .config and php.ini and lists each place that sends mail with its faults.',
    '',
    '  sudo mailroot doctor --submitter www-data --domain example.com',
  ].join('\n'),
  options: {
    submitter: {
      type: 'string',
      multiple: true,
      value: 'USER',
      doc: 'User of a program that sends mail, such as www-data, or group:NAME (may be repeated). Default: submitters of the configuration.',
    },
    domain: { type: 'string', value: 'NAME', doc: 'Try the way to this domain: MX, addresses, port.' },
    'other-folder': {
      type: 'string',
      multiple: true,
      value: 'DIR',
      doc: 'Look for mail here too: an old mailroot, the imcdata of Exchange (may be repeated).',
    },
    adopt: {
      type: 'boolean',
      doc: 'With --fix: copy the mail of the other folders into Pickup, each file once; they are only read.',
    },
    'dkim-selector': {
      type: 'string',
      multiple: true,
      value: 'NAME',
      doc: 'Look up the DKIM key of this selector (may be repeated).',
    },
    check: {
      type: 'string',
      multiple: true,
      value: 'GROUP',
      doc: `Only these checks: ${CHECKS.map(({ group }) => group).join(', ')} (may be repeated).`,
    },
    offline: { type: 'boolean', doc: 'Ask nothing on the network.' },
    fix: { type: 'boolean', doc: 'Mend what is safe to mend, and say what was done.' },
    scan: { type: 'string', value: 'DIR', doc: 'Read the source files in this folder instead.' },
  },
  async run(invocation) {
    const folder = text(invocation, 'scan');
    if (folder !== undefined) return runScan(invocation, folder);
    const groups = texts(invocation, 'check');
    const unknown = groups.find((group) => !CHECKS.some((check) => check.group === group));
    if (unknown !== undefined)
      throw new UsageError(
        `--check ${unknown}: one of ${CHECKS.map(({ group }) => group).join(', ')} is expected`,
      );
    const context = await doctorContext(invocation);
    const diagnosis = await diagnose(context, {
      mends: invocation.values['fix'] === true,
      ...(groups.length > 0 && { groups }),
    });
    const findings = diagnosis.findings.map(({ fix, ...finding }) => ({
      ...finding,
      canFix: fix !== undefined,
    }));
    output(invocation, { ...diagnosis, findings }, () => diagnosisText(diagnosis));
    return findings.some(({ severity }) => severity === 'error') ? EXIT.failed : EXIT.done;
  },
};

async function doctorContext(invocation: Invocation): Promise<DoctorContext> {
  const source = findConfig(invocation);
  const config = loadFoundConfig(invocation, source);
  const domain = text(invocation, 'domain');
  return {
    config,
    configFile: source.file,
    servers: config.servers,
    status: await runningStatus(config.servers[0]!),
    machine: thisMachine,
    clock: systemClock,
    nameOf: serverName,
    options: {
      submitters:
        texts(invocation, 'submitter').length > 0
          ? texts(invocation, 'submitter')
          : config.process.submitters,
      dkimSelectors: texts(invocation, 'dkim-selector'),
      adopts: invocation.values['adopt'] === true,
      otherFolders: texts(invocation, 'other-folder').map((folder) => resolve(invocation.io.folder, folder)),
      network: invocation.values['offline'] !== true,
      ...(domain !== undefined && { domain }),
    },
  };
}

async function runningStatus(server: Parameters<typeof queueFolder>[0]): Promise<StatusReport | undefined> {
  try {
    const client = await ControlClient.connect(controlAddress(queueFolder(server)));
    try {
      return await client.ask('status', {});
    } finally {
      client.close();
    }
  } catch (thrown) {
    // Another user's socket refuses us: it runs, but does not answer us.
    if (thrown instanceof RelayError) return undefined;
    throw thrown;
  }
}

function diagnosisText({ findings, mended }: Diagnosis): string {
  const lines: string[] = mended.map((what) => `MENDED ${what}`);
  if (mended.length > 0) lines.push('');
  for (const { id, severity, seen, why, cure, source, fix } of findings) {
    lines.push(
      `${severity.toUpperCase()} ${seen}  [${id}]`,
      `  why:    ${why}`,
      `  cure:   ${cure}`,
      `  source: ${source}`,
    );
    if (fix !== undefined) lines.push(`  --fix:  ${fix.what}`);
    lines.push('');
  }
  const count = (severity: string): number =>
    findings.filter((finding) => finding.severity === severity).length;
  lines.push(
    findings.length === 0
      ? 'All is well.'
      : `${count('error')} errors, ${count('warning')} warnings, ${count('info')} remarks.`,
  );
  return lines.join('\n');
}
