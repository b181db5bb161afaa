/**
 * Mail that lies somewhere: in Pickup, in a folder nobody serves, in Badmail, Queue and Drop; and the room it needs.
 * Owns: why each file has not been taken.  Leaves: rights of users (rights.ts).
 * Sources: KB 306957 (mail stays in the Pickup folder), KB 221432 (files that cannot be deleted), KB 319285.
 */
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nodeDisk, silentLogger, TEMPORARY_PREFIX } from '../base/index.ts';
import { formatDuration, formatSize, type NamedServer, pickupArchive } from '../config/index.ts';
import { type AdoptionItem, adopt, adoptionIdentity, CopyOnce } from '../import/index.ts';
import { preparePickup } from '../intake/index.ts';
import { Badmail } from '../mailroot/index.ts';
import type { Check, DoctorContext, Finding } from './finding.ts';
import { createFolder, foldersOf, mailrootsOf, shellWord } from './folders.ts';
import { serviceUser } from './rights.ts';

/** A file that lies longer than this is stuck. */
const STUCK_MS = 60_000;
const MOST_FILES = 20;
const LARGEST_READ = 4 * 1024 * 1024;
const LOW_SPACE = 200 * 1024 * 1024;
const OLD_QUEUE_MS = 4 * 3_600_000;
const MANY_BADMAIL = 1000;

export const pickupCheck: Check = {
  group: 'pickup',
  async run(context) {
    const findings: Finding[] = [];
    for (const server of mailrootsOf(context.servers)) {
      findings.push(...archiveMissing(server));
      findings.push(...stuckFiles(context, server));
      findings.push(...staleTemporaries(context, server));
      findings.push(...(await badmail(context, server)));
      findings.push(...queueAge(context, server));
      findings.push(...dropQuota(server));
      findings.push(...space(context, server));
    }
    for (const folder of context.options.otherFolders) findings.push(...(await otherFolder(context, folder)));
    return findings;
  },
};

type FileIn = { name: string; path: string; modifiedAtMs: number; bytes: number };

/** Files that are no temporary ones. */
function filesIn(folder: string): FileIn[] {
  return entriesIn(folder).filter(({ name }) => !name.startsWith('.'));
}

function entriesIn(folder: string): FileIn[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => {
        const path = join(folder, name);
        const { mtimeMs, size } = statSync(path);
        return { name, path, modifiedAtMs: mtimeMs, bytes: size };
      });
  } catch {
    return [];
  }
}

/** The Internet Mail Service serves Pickup only when its Archive could be created at the start. */
function archiveMissing(server: NamedServer): Finding[] {
  const archive = pickupArchive(server);
  if (archive === undefined || !server.pickup.enabled) return [];
  const { pickup } = foldersOf(server);
  const isFolder = (path: string): boolean =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const missing = [pickup, archive].find((folder) => !isFolder(folder));
  if (missing === undefined) return [];
  return [
    {
      id: 'pickup.no-archive',
      severity: 'error',
      seen: `${missing} is no folder`,
      why: 'With layout: exchange-ims Pickup is served only when it and its Archive are there at the start; else the service runs without it (event pickup.switched-off).',
      cure: `mkdir -p ${shellWord(archive)}, give it to the user of the service (move away what is in its place), and start the service again.`,
      source: 'KB 201314',
      // What lies in its place may be mail.
      ...(!existsSync(missing) && {
        fix: { what: `create ${archive}`, run: async () => createFolder(archive) },
      }),
    },
  ];
}

/** A day: whoever writes a message has finished or given up by then. */
const STALE_MS = 24 * 3_600_000;

/** Files that were to become messages of ours under another name. Whoever wrote them was told that it failed. */
function staleTemporaries(context: DoctorContext, server: NamedServer): Finding[] {
  const { pickup, drop, badmail: bad } = foldersOf(server);
  const now = context.clock.now();
  const stale = [pickup, drop, bad].flatMap((folder) =>
    entriesIn(folder)
      .filter(({ name }) => name.startsWith(TEMPORARY_PREFIX))
      .filter(({ modifiedAtMs }) => now - modifiedAtMs > STALE_MS),
  );
  if (stale.length === 0) return [];
  return [
    {
      id: 'pickup.stale-temporaries',
      severity: 'info',
      seen: `${stale.length} half-written files lie in our folders for more than a day: ${stale
        .slice(0, 3)
        .map(({ path }) => path)
        .join(', ')}`,
      why: 'Programs that died while they wrote left them. They are never sent, and take room.',
      cure: `rm ${stale
        .slice(0, 3)
        .map(({ path }) => shellWord(path))
        .join(' ')}`,
      source: 'docs/doctor.md',
      fix: {
        what: `remove ${stale.length} half-written files`,
        run: async () => {
          for (const { path } of stale) rmSync(path, { force: true });
        },
      },
    },
  ];
}

function stuckFiles(context: DoctorContext, server: NamedServer): Finding[] {
  const { pickup } = foldersOf(server);
  const now = context.clock.now();
  const files = filesIn(pickup).filter(({ modifiedAtMs }) => now - modifiedAtMs > STUCK_MS);
  if (files.length === 0) return [];
  const common = { source: 'KB 306957', severity: 'error' as const };
  const oldest = Math.min(...files.map(({ modifiedAtMs }) => modifiedAtMs));
  const count = `${files.length} ${files.length === 1 ? 'file lies' : 'files lie'} in ${pickup}, the oldest for ${age(now - oldest)}`;
  if (context.status === undefined) {
    return [
      {
        ...common,
        id: 'pickup.not-running',
        seen: `${count}, and no service runs that would take them`,
        why: 'Only the running service takes files out of Pickup.',
        cure: 'mailroot start (or: systemctl start mailroot)',
      },
    ];
  }
  if (!context.status.servers.some((running) => running.pickup === pickup)) {
    const served = [...new Set(context.status.servers.map((running) => running.pickup))].join(', ');
    return [
      {
        ...common,
        id: 'pickup.not-served',
        seen: `${count}; the running service serves ${served}`,
        why: 'The programs write to a folder that the running service does not know.',
        cure: `Start the service with this configuration, or let the programs write to ${served}.`,
      },
    ];
  }
  if (!server.pickup.enabled) {
    return [
      {
        ...common,
        id: 'pickup.disabled',
        seen: `${count}, and pickup.enabled is false`,
        why: 'The folder is not served.',
        cure: `Set pickup.enabled: true in ${context.configFile ?? 'the configuration'} and start the service again.`,
      },
    ];
  }
  const told = new Map(
    context.status.mailroots.flatMap(({ stuckFiles: stuck }) =>
      stuck.map(({ file, reason }) => [file, reason] as const),
    ),
  );
  return files
    .slice(0, MOST_FILES)
    .map((file) => explain(context, server, file, told.get(file.name) ?? told.get(file.path)));
}

function explain(
  context: DoctorContext,
  server: NamedServer,
  file: { name: string; path: string; modifiedAtMs: number; bytes: number },
  told: string | undefined,
): Finding {
  const user = serviceUser(context, server) ?? context.machine.user;
  const finding = (id: string, seen: string, why: string, cure: string, source = 'KB 306957'): Finding => ({
    id,
    severity: 'error',
    seen: `${file.path}: ${seen}`,
    why,
    cure,
    source,
  });
  const canRead = context.machine.runAs(user, 'cat "$1" > /dev/null', [file.path]);
  if (canRead !== undefined && canRead.code !== 0) {
    return finding(
      'pickup.unreadable',
      `the service (${user}) may not read it`,
      'What cannot be read cannot be sent.',
      `chmod a+r ${shellWord(file.path)}; and let the program that writes it use umask 022, or give the service the right to read`,
    );
  }
  const hindrance = cannotRemove(context, server, file.path, user);
  if (hindrance !== undefined) {
    return finding(
      'pickup.undeletable',
      `the service (${user}) may not take it away: ${hindrance.seen}`,
      'A file that cannot be removed would be sent again and again, so it is not sent at all.',
      hindrance.cure,
      'KB 221432',
    );
  }
  const trouble = file.bytes <= LARGEST_READ ? malformed(context, server, file.path) : undefined;
  if (trouble !== undefined) {
    return finding(
      'pickup.malformed',
      trouble,
      'The service would move it to Badmail.',
      'Correct the program that writes it.',
      'KB 319285',
    );
  }
  return finding(
    'pickup.waits',
    told ?? 'nothing is wrong with it, and it has not been taken',
    'It should have been taken within seconds.',
    "See the log for 'pickup.' events: mailroot events",
  );
}

/** Judged without touching the file: somebody's mail is no place for trials. */
function cannotRemove(
  { machine }: DoctorContext,
  server: NamedServer,
  path: string,
  user: string,
): { readonly seen: string; readonly cure: string } | undefined {
  const { pickup } = foldersOf(server);
  const marks = machine.run('lsattr', ['-d', path]).stdout.split(' ')[0] ?? '';
  if (/[ia]/.test(marks)) return { seen: 'it is immutable', cure: `chattr -i -a ${shellWord(path)}` };
  const folder = statSync(pickup);
  const uid = Number(machine.run('id', ['-u', user]).stdout);
  const isSticky = (folder.mode & 0o1000) !== 0;
  if (uid !== 0 && isSticky && folder.uid !== uid && statSync(path).uid !== uid) {
    return {
      seen: `${pickup} has the sticky bit and belongs to somebody else`,
      cure: `mailroot setup-permissions --service ${shellWord(user)} --mailroot ${shellWord(server.mailroot)}`,
    };
  }
  return undefined;
}

function malformed(context: DoctorContext, server: NamedServer, path: string): string | undefined {
  try {
    const fqdn = context.nameOf(server);
    const prepared = preparePickup(
      readFileSync(path),
      { claimId: 'doctor', fileName: path, at: context.clock.now() },
      {
        server: server.name,
        fqdn,
        defaultDomain: server.domains.default ?? fqdn,
        dotStuffed: server.pickup.dotStuffed,
        addReceived: server.pickup.addReceived,
      },
    );
    return prepared.ok ? undefined : prepared.detail;
  } catch {
    return undefined;
  }
}

/** A Pickup of another server, of Exchange or of a mailroot that was moved: mail lies there and nobody takes it. */
async function otherFolder(context: DoctorContext, folder: string): Promise<Finding[]> {
  const places = new Set([folder, ...['Pickup', 'pickup', 'PickUp'].map((name) => join(folder, name))]);
  const served = new Set(context.servers.map((server) => foldersOf(server).pickup));
  const [server] = context.servers;
  const { pickup } = foldersOf(server!);
  const once = new CopyOnce(nodeDisk, server!.mailroot);
  const findings: Finding[] = [];
  for (const place of places) {
    const items: AdoptionItem[] = [];
    for (const { path, ...file } of served.has(place) ? [] : filesIn(place)) {
      const item = { kind: 'pickup', source: path, ...file } as const;
      // What was taken over stays where it lies, and is no trouble any more.
      if (!(await once.wasTaken(adoptionIdentity(item)))) items.push(item);
    }
    if (items.length === 0) continue;
    findings.push({
      id: 'pickup.other-folder',
      severity: 'error',
      seen: `${items.length} files lie in ${place}, which this service does not serve`,
      why: 'A program writes to the folder of another server, of Exchange (Use Exchange, RootDir) or of the place before a move; its mail stays there.',
      cure: `Let the program write to ${pickup}, or set folders.pickup: ${place}; take what lies there with: mailroot import mail ${shellWord(place === folder ? join(folder, '..') : folder)}`,
      source: 'KB 306957; KB 238956',
      ...(context.options.adopts === true && {
        fix: {
          what: `copy the mail of ${place} to ${pickup}, each file once`,
          run: () => takeOver(context, items, once),
        },
      }),
    });
  }
  return findings;
}

/** Files that somebody may still be writing are left for the next time. */
async function takeOver(
  { servers, clock }: DoctorContext,
  items: readonly AdoptionItem[],
  once: CopyOnce,
): Promise<void> {
  const { pickup, drop, badmail: bad } = foldersOf(servers[0]!);
  const old = items.filter(({ modifiedAtMs }) => clock.now() - modifiedAtMs > STUCK_MS);
  if (old.length === 0) throw new Error('all files are younger than a minute; try again in a moment');
  const inOrder = [...old].sort((a, b) => a.modifiedAtMs - b.modifiedAtMs);
  await adopt(nodeDisk, once, inOrder, { pickup, drop, badmail: bad, draft: pickup });
}

async function badmail(context: DoctorContext, server: NamedServer): Promise<Finding[]> {
  const { badmail: folder } = foldersOf(server);
  try {
    accessSync(folder, constants.R_OK);
  } catch {
    return [];
  }
  const entries = await new Badmail({ folder, disk: nodeDisk, clock: context.clock, log: silentLogger }).list(
    100_000,
  );
  if (entries.length === 0) return [];
  const reasons = new Map<string, number>();
  for (const { record } of entries) {
    const reason = record?.reasonClass ?? 'of an older service';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const now = context.clock.now();
  const newest = entries[0]!;
  const isFresh = now - newest.modifiedAt < 24 * 3_600_000;
  const words = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
  return [
    {
      id: 'pickup.badmail',
      severity: entries.length >= MANY_BADMAIL || isFresh ? 'warning' : 'info',
      seen: `${entries.length} messages in ${folder} (${words}), the newest ${age(now - newest.modifiedAt)} old: ${newest.record?.detail ?? newest.name}`,
      why: 'Mail that can be neither delivered nor returned lies here until it is too old.',
      cure: 'mailroot badmail list; after the cause is mended: mailroot badmail replay NAME',
      source: 'KB 319285',
    },
  ];
}

function queueAge(context: DoctorContext, server: NamedServer): Finding[] {
  const status = context.status?.mailroots.find(({ mailroot }) => mailroot === server.mailroot);
  if (status === undefined) return [];
  const now = context.clock.now();
  const findings = status.destinations.flatMap(({ domain, recipients, oldestAt, lastResult }): Finding[] => {
    if (lastResult === undefined && now - oldestAt < OLD_QUEUE_MS) return [];
    return [
      {
        id: 'pickup.queue-waits',
        severity: 'warning',
        seen: `${recipients} recipients at ${domain} wait, the oldest for ${age(now - oldestAt)}; last answer: ${lastResult ?? 'none'}`,
        why: 'The next host does not take the mail; it is tried again until it expires and is returned.',
        cure: `mailroot doctor --domain ${shellWord(domain)}; then mailroot queue retry --domain ${shellWord(domain)}`,
        source: 'RFC 5321 §4.5.4.1',
      },
    ];
  });
  if (status.isFrozen) {
    findings.push({
      id: 'pickup.frozen',
      severity: 'warning',
      seen: 'delivery is frozen',
      why: 'Somebody ran mailroot queue freeze; nothing is sent.',
      cure: 'mailroot queue thaw',
      source: 'docs/doctor.md',
    });
  }
  return findings;
}

function dropQuota(server: NamedServer): Finding[] {
  const { quota } = server.drop;
  if (!Number.isFinite(quota)) return [];
  const { drop } = foldersOf(server);
  const used = filesIn(drop).reduce((sum, { bytes }) => sum + bytes, 0);
  if (used < quota * 0.9) return [];
  return [
    {
      id: 'pickup.drop-quota',
      severity: used >= quota ? 'error' : 'warning',
      seen: `${drop} holds ${formatSize(used)} of ${formatSize(quota)}`,
      why: 'When it is full, local mail waits with 452 4.2.2 and is returned in the end.',
      cure: 'Let the program that reads Drop delete what it has read, or raise drop.quota.',
      source: 'doc "Enable drop directory quota"',
    },
  ];
}

function space({ machine }: DoctorContext, server: NamedServer): Finding[] {
  const found = machine.space(server.mailroot);
  if (found === undefined || (found.free >= LOW_SPACE && found.free >= found.total * 0.02)) return [];
  return [
    {
      id: 'pickup.disk-space',
      severity: found.free < LOW_SPACE ? 'error' : 'warning',
      seen: `${formatSize(Math.floor(found.free / 1024) * 1024)} are free on the disk of ${server.mailroot}`,
      why: 'Without room no mail is accepted: SMTP answers 452, and files stay in Pickup.',
      cure: 'Free space there, or move the mailroot to a larger disk (setting mailroot).',
      source: 'KB 230309',
    },
  ];
}

function age(ms: number): string {
  const unit = ms >= 172_800_000 ? 86_400_000 : ms >= 7_200_000 ? 3_600_000 : ms >= 120_000 ? 60_000 : 1000;
  return formatDuration(Math.max(Math.round(ms / unit), 0) * unit);
}
