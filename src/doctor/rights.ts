/**
 * Rights: may the programs that send mail add files to Pickup, and no more; may the service do everything.
 * Owns: proving it by really trying as that user, the cure.  Leaves: setting the rights (permissions.ts).
 * Sources: KB 260985 (Add on Pickup for the submitters, full control below Mailroot for the service), KB 306957.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../base/index.ts';
import type { NamedServer } from '../config/index.ts';
import type { Check, DoctorContext, Finding } from './finding.ts';
import { createFolder, foldersOf, mailrootsOf, shellWord } from './folders.ts';
import { plannedPermissions, setPermissions } from './permissions.ts';

const SOURCE = 'KB 260985';

/** Tries, one word a line for what worked: add, remove, list, read, queue, drop, badmail. Nothing that works is left behind. */
const TRIAL = `
umask 077
probe="$1/.mailroot-$2"
if (: > "$probe") 2>/dev/null; then echo add; rm -f "$probe" 2>/dev/null; fi
ls "$1" >/dev/null 2>&1 && echo list
cat "$1/.mailroot-$3" >/dev/null 2>&1 && echo read
rm -f "$1/.mailroot-$3" 2>/dev/null; [ -x "$1" ] && [ ! -e "$1/.mailroot-$3" ] && echo remove
for folder in "$4" "$5" "$6"; do
  if (: > "$folder/.mailroot-$2") 2>/dev/null; then echo "write $folder"; rm -f "$folder/.mailroot-$2"; fi
done
true
`;

export const rightsCheck: Check = {
  group: 'rights',
  async run(context) {
    const findings: Finding[] = [];
    for (const server of mailrootsOf(context.servers)) {
      findings.push(...missingFolders(server));
      findings.push(...serviceRights(context, server));
      const { users, findings: unknown } = submittersOf(context);
      findings.push(...unknown);
      for (const user of users) {
        const found = submitterRights(context, server, user);
        findings.push(...found.map((finding) => withFix(context, server, users, finding)));
      }
    }
    return findings;
  },
};

const GROUP = 'group:';
/** Members of a group that are tried. */
const MOST_MEMBERS = 10;

/** Users, and the members of groups. */
function submittersOf({ options, machine }: DoctorContext): {
  readonly users: readonly string[];
  readonly findings: readonly Finding[];
} {
  const users = new Set<string>();
  const findings: Finding[] = [];
  for (const name of options.submitters) {
    if (!name.startsWith(GROUP)) {
      users.add(name);
      continue;
    }
    const group = name.slice(GROUP.length);
    const [, , gid, members = ''] = machine.run('getent', ['group', group]).stdout.trim().split(':');
    const named = members.split(',').filter((member) => member !== '');
    const byMainGroup = machine
      .run('getent', ['passwd'])
      .stdout.split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => gid !== undefined && fields[3] === gid)
      .map(([user]) => user!);
    const all = [...new Set([...named, ...byMainGroup])];
    for (const user of all.slice(0, MOST_MEMBERS)) users.add(user);
    if (all.length > 0) continue;
    findings.push({
      id: 'rights.empty-group',
      severity: 'warning',
      seen: gid === undefined ? `there is no group '${group}'` : `the group '${group}' has no members`,
      why: 'The group is named as one whose members send mail.',
      cure: gid === undefined ? `groupadd ${shellWord(group)}` : `usermod -aG ${shellWord(group)} USER`,
      source: SOURCE,
    });
  }
  return { users: [...users], findings };
}

/** The minimum is safe to set where it serves everybody who sends: for one submitter. */
function withFix(
  context: DoctorContext,
  server: NamedServer,
  users: readonly string[],
  finding: Finding,
): Finding {
  if (!context.machine.isRoot || users.length !== 1) return finding;
  if (finding.id !== 'rights.cannot-add' && finding.id !== 'rights.too-many') return finding;
  const [user] = users;
  return {
    ...finding,
    fix: {
      what: `set the least rights for ${user} and the service`,
      run: async () => {
        const { code, stdout, stderr } = context.machine.run('id', ['-g', user!]);
        if (code !== 0) throw new Error(stderr.trim());
        const uid = uidOf(context.status?.pid, server) ?? statSync(server.mailroot).uid;
        setPermissions(
          plannedPermissions(server, { uid, gid: statSync(server.mailroot).gid }, Number(stdout)),
        );
      },
    },
  };
}

function setup(server: NamedServer, user: string): string {
  return `mailroot setup-permissions --submitter ${shellWord(user)} --mailroot ${shellWord(server.mailroot)}`;
}

function submitterRights({ machine }: DoctorContext, server: NamedServer, user: string): Finding[] {
  const { pickup, queue, drop, badmail } = foldersOf(server);
  if (statSync(pickup, { throwIfNoEntry: false }) === undefined) return [];
  const own = `probe-${randomBytes(6).toString('hex')}`;
  const foreign = `secret-${randomBytes(6).toString('hex')}`;
  const secret = join(pickup, `.mailroot-${foreign}`);
  try {
    writeFileSync(secret, 'x', { mode: 0o600, flag: 'wx' });
  } catch {
    // Without it the other trials still count.
  }
  const result = machine.runAs(user, TRIAL, [pickup, own, foreign, queue, drop, badmail]);
  rmSync(secret, { force: true });
  if (result === undefined) {
    return [
      {
        id: 'rights.not-tried',
        severity: 'info',
        seen: `whether ${user} may add files to ${pickup} was not tried: only root can act as another user`,
        why: 'Rights are proven by trying.',
        cure: `sudo mailroot doctor --submitter ${shellWord(user)}`,
        source: SOURCE,
      },
    ];
  }
  const did = new Set(result.stdout.split('\n'));
  if (result.code !== 0 && !did.has('add') && /user .* does not exist|unknown user/i.test(result.stderr)) {
    return [
      {
        id: 'rights.no-such-user',
        severity: 'error',
        seen: `there is no user ${user} on this machine`,
        why: 'The program that sends mail must run as somebody.',
        cure: 'Name the user of your web server: www-data, apache, nginx, IUSR …',
        source: SOURCE,
      },
    ];
  }
  const findings: Finding[] = [];
  if (!did.has('add')) {
    findings.push({
      id: 'rights.cannot-add',
      severity: 'error',
      seen: `${user} cannot create a file in ${pickup}`,
      why: 'Programs of this user cannot hand over mail: CDONTS and CDO fail with 800A0046 “Permission denied”, or write to another folder where it stays.',
      cure: setup(server, user),
      source: 'KB 260985; KB 306957',
    });
  }
  const tooMuch = [
    ...(did.has('list') ? ['list the names of other mail in Pickup'] : []),
    ...(did.has('read') ? ['read mail of others in Pickup'] : []),
    ...(did.has('remove') ? ['delete mail of others in Pickup'] : []),
    ...[...did].filter((word) => word.startsWith('write ')).map((word) => `create files in ${word.slice(6)}`),
  ];
  if (tooMuch.length > 0 && user !== 'root') {
    findings.push({
      id: 'rights.too-many',
      severity: 'warning',
      seen: `${user} may ${tooMuch.join(', ')}`,
      why: 'A program that only sends needs the right to add files to Pickup and nothing else; whoever takes over the web server gets the rest.',
      cure: setup(server, user),
      source: SOURCE,
    });
  }
  return findings;
}

function missingFolders(server: NamedServer): Finding[] {
  return Object.entries(foldersOf(server)).flatMap(([name, folder]): Finding[] =>
    statSync(folder, { throwIfNoEntry: false }) !== undefined
      ? []
      : [
          {
            id: 'rights.no-folder',
            severity: name === 'pickup' ? 'error' : 'info',
            seen: `${folder} does not exist`,
            why:
              name === 'pickup'
                ? 'Programs that write there fail with 80070003, path not found.'
                : 'The service creates it when it starts.',
            cure: `Start the service once (mailroot start), or: ${setup(server, 'USER')}`,
            source: 'KB 238956',
            fix: { what: `create ${folder}`, run: async () => createFolder(folder) },
          },
        ],
  );
}

/** The service's user: of the running service, else the owner of the mailroot. */
export function serviceUser({ status, machine }: DoctorContext, server: NamedServer): string | undefined {
  const uid = uidOf(status?.pid, server);
  if (uid === undefined) return undefined;
  const found = machine.run('id', ['-un', String(uid)]);
  return found.code === 0 ? found.stdout.trim() : undefined;
}

function uidOf(pid: number | undefined, server: NamedServer): number | undefined {
  try {
    return statSync(pid === undefined ? server.mailroot : `/proc/${pid}`).uid;
  } catch (thrown) {
    if (systemErrorCode(thrown) === undefined) throw thrown;
    return undefined;
  }
}

const SERVICE_TRIAL = `
for folder in "$@"; do
  probe="$folder/.mailroot-probe-$$"
  if (: > "$probe") 2>/dev/null && mv "$probe" "$probe-2" 2>/dev/null && ls "$folder" >/dev/null 2>&1 && rm "$probe-2" 2>/dev/null
  then :; else echo "$folder"; rm -f "$probe" 2>/dev/null; fi
done
`;

function serviceRights(context: DoctorContext, server: NamedServer): Finding[] {
  const user = serviceUser(context, server);
  const folders = Object.values(foldersOf(server)).filter(
    (folder) => statSync(folder, { throwIfNoEntry: false }) !== undefined,
  );
  if (user === undefined || folders.length === 0) return [];
  const result = context.machine.runAs(user, SERVICE_TRIAL, folders);
  const refused = result?.stdout.split('\n').filter((line) => line !== '') ?? [];
  return refused.map((folder) => ({
    id: 'rights.service',
    severity: 'error',
    seen: `the service (${user}) cannot create, rename and delete files in ${folder}`,
    why: 'The service must own everything below the mailroot: it takes files out of Pickup, and writes Queue, Drop and Badmail.',
    cure: `mailroot setup-permissions --service ${shellWord(user)} --mailroot ${shellWord(server.mailroot)}`,
    source: SOURCE,
    ...(context.machine.isRoot && {
      fix: {
        what: `give ${folder} to ${user}`,
        run: async () => {
          const { mode, gid } = statSync(folder);
          chownSync(folder, uidOf(context.status?.pid, server)!, gid);
          chmodSync(folder, (mode & 0o7777) | 0o700);
        },
      },
    }),
  }));
}
