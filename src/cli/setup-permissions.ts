/** `mailroot setup-permissions`: the least rights that mail needs. */
import { RelayError } from '../base/index.ts';
import {
  mailrootsOf,
  type Permission,
  plannedPermissions,
  setPermissions,
  shellWord,
  thisMachine,
} from '../doctor/index.ts';
import { type Command, EXIT, loadFoundConfig, output, table, text, texts, UsageError } from './command.ts';

export const setupPermissionsCommand: Command = {
  name: 'setup-permissions',
  summary: 'Give submitters the right to add files to Pickup, and the service everything else.',
  details: [
    'Pickup gets mode 1730 with the group of the submitters: they may add files, and neither see, read nor delete others.',
    'Queue, Drop and Badmail belong to the service alone. Run it as root; --dry-run shows what would be set.',
    '',
    '  sudo mailroot setup-permissions --service mailroot --submitter www-data',
  ].join('\n'),
  options: {
    service: { type: 'string', value: 'USER', doc: 'The user that the service runs as. Default: you.' },
    submitter: {
      type: 'string',
      multiple: true,
      value: 'USER',
      doc: 'User of a program that sends mail (may be repeated, with --group).',
    },
    group: {
      type: 'string',
      value: 'NAME',
      doc: 'The group of all submitters. Default: the main group of the one submitter.',
    },
    'dry-run': { type: 'boolean', doc: 'Show, change nothing.' },
  },
  async run(invocation) {
    if (thisMachine.platform === 'win32') {
      throw new RelayError(
        'refused',
        'On Windows give the web account the right Add on the folder Pickup: icacls Pickup /grant "IIS_IUSRS:(WD)"',
      );
    }
    const { servers } = loadFoundConfig(invocation);
    const serviceName = text(invocation, 'service') ?? thisMachine.user;
    const service = { uid: idOf(serviceName, '-u'), gid: idOf(serviceName, '-g') };
    const submitterGid = submittersGroup(texts(invocation, 'submitter'), text(invocation, 'group'));
    const permissions = mailrootsOf(servers).flatMap((server) =>
      plannedPermissions(server, service, submitterGid),
    );
    const isDryRun = invocation.values['dry-run'] === true;
    if (!isDryRun) setPermissions(permissions);
    output(invocation, { changed: !isDryRun, permissions }, () =>
      [
        table([['MODE', 'OWNER', 'GROUP', 'FOLDER'], ...permissions.map(row)]),
        isDryRun ? 'Nothing was changed.' : 'Done.',
      ].join('\n'),
    );
    return EXIT.done;
  },
};

function row({ folder, mode, uid, gid }: Permission): string[] {
  return [mode.toString(8).padStart(4, '0'), String(uid), String(gid), folder];
}

function idOf(name: string, option: '-u' | '-g'): number {
  const { code, stdout } = thisMachine.run('id', [option, name]);
  if (code !== 0) throw new UsageError(`there is no user '${name}' on this machine`);
  return Number(stdout);
}

function submittersGroup(submitters: readonly string[], group: string | undefined): number | undefined {
  if (group !== undefined) {
    const { code, stdout } = thisMachine.run('getent', ['group', group]);
    const gid = Number(stdout.split(':')[2]);
    if (code !== 0 || !Number.isInteger(gid))
      throw new UsageError(`there is no group '${group}': groupadd ${shellWord(group)}`);
    for (const user of submitters) {
      const groups = thisMachine.run('id', ['-Gn', user]).stdout.trim().split(' ');
      if (!groups.includes(group))
        throw new UsageError(
          `${user} is not in the group '${group}': usermod -aG ${shellWord(group)} ${shellWord(user)}`,
        );
    }
    return gid;
  }
  const gids = [...new Set(submitters.map((user) => idOf(user, '-g')))];
  if (gids.length > 1) {
    throw new UsageError(
      `the submitters have different groups; make one: groupadd mailsubmit; ${submitters.map((user) => `usermod -aG mailsubmit ${shellWord(user)}`).join('; ')}; then --group mailsubmit`,
    );
  }
  return gids[0];
}
