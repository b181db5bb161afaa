/** The doctor's checks: each sees the thing that is broken, and is silent when all is well. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { systemClock } from '../../src/base/index.ts';
import { loadConfig, type RawSettings } from '../../src/config/index.ts';
import type { StatusReport } from '../../src/control/index.ts';
import {
  type DoctorContext,
  type DoctorOptions,
  diagnose,
  type Finding,
  plannedPermissions,
  setPermissions,
  thisMachine,
} from '../../src/doctor/index.ts';
import { startNsd } from '../support/nsd.ts';

const base = mkdtempSync(join(tmpdir(), 'mailroot-doctor-'));
// Other users must be able to pass through.
chmodSync(base, 0o711);
after(() => rmSync(base, { recursive: true, force: true }));
const isRoot = process.getuid?.() === 0;
let counter = 0;

function fresh(): string {
  const root = join(base, String(counter++), 'mailroot');
  for (const name of ['Pickup', 'Queue', 'Drop', 'Badmail']) mkdirSync(join(root, name), { recursive: true });
  chmodSync(join(root, '..'), 0o711);
  return root;
}

type Given = Partial<Omit<DoctorContext, 'options'>> & {
  readonly settings?: RawSettings;
  readonly options?: Partial<DoctorOptions>;
};

function contextOf(mailroot: string, given: Given = {}): DoctorContext {
  const loaded = loadConfig(
    JSON.stringify({ mailroot, listen: [], fqdn: 'mail.example.test', ...given.settings }),
    join(mailroot, 'mailroot.yaml'),
  );
  assert.ok(loaded.ok, JSON.stringify(loaded));
  const { settings: _, options, ...rest } = given;
  return {
    config: loaded.config,
    configFile: join(mailroot, 'mailroot.yaml'),
    servers: loaded.config.servers,
    status: runningAt(mailroot),
    machine: thisMachine,
    clock: systemClock,
    nameOf: (server) => server.fqdn ?? 'mail.example.test',
    ...rest,
    options: { submitters: [], otherFolders: [], network: false, ...options },
  };
}

/** A service that is this very process. */
function runningAt(
  mailroot: string,
  changes: Partial<StatusReport['mailroots'][number]> = {},
  listening: readonly string[] = [],
): StatusReport {
  return {
    version: '0',
    pid: process.pid,
    startedAt: 0,
    servers: [
      {
        name: 'default',
        fqdn: 'mail.example.test',
        listening,
        sessions: 0,
        mailroot,
        pickup: join(mailroot, 'Pickup'),
      },
    ],
    mailroots: [
      {
        mailroot,
        queue: { queued: 0, deferred: 0, held: 0 },
        destinations: [],
        stuckFiles: [],
        badmail: { files: 0, bytes: 0 },
        isFrozen: false,
        ...changes,
      },
    ],
    counters: {},
    memoryBytes: 0,
  };
}

async function find(context: DoctorContext, group: string): Promise<readonly Finding[]> {
  const { findings } = await diagnose(context, { groups: [group], mends: false });
  for (const { id, seen, why, cure, source } of findings) {
    for (const text of [id, seen, why, cure, source]) assert.notEqual(text, '');
  }
  return findings;
}

const ids = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id).sort();

function oldFile(path: string, content: string, mode = 0o644): void {
  writeFileSync(path, content, { mode });
  chmodSync(path, mode);
  utimesSync(path, Date.now() / 1000 - 600, Date.now() / 1000 - 600);
}

describe('rights', () => {
  it('are tried as the submitter: too few, too many, and the minimum that setup-permissions sets', async () => {
    const root = fresh();
    const context = contextOf(root, { options: { submitters: ['nobody'] } });
    if (!isRoot) {
      assert.deepEqual(ids(await find(context, 'rights')), ['rights.not-tried']);
      return;
    }
    chmodSync(join(root, 'Pickup'), 0o700);
    const few = await find(context, 'rights');
    assert.deepEqual(ids(few), ['rights.cannot-add']);
    assert.match(few[0]!.cure, /mailroot setup-permissions --submitter nobody/);
    chmodSync(join(root, 'Pickup'), 0o777);
    chmodSync(join(root, 'Queue'), 0o777);
    writeFileSync(join(root, 'Pickup/other.eml'), 'x');
    const many = await find(context, 'rights');
    assert.deepEqual(ids(many), ['rights.too-many']);
    assert.match(many[0]!.seen, /list the names.*delete mail of others.*create files in .*Queue/);
    const gid = Number(spawnSync('id', ['-g', 'nobody'], { encoding: 'utf8' }).stdout);
    setPermissions(plannedPermissions(context.servers[0]!, { uid: 0, gid: 0 }, gid));
    assert.deepEqual(await find(context, 'rights'), []);
    assert.equal(statSync(join(root, 'Pickup')).mode & 0o7777, 0o1730);
    assert.deepEqual(
      readFileSync(join(root, 'Pickup/other.eml'), 'utf8'),
      'x',
      'mail of others is untouched',
    );
  });

  it('name a user that does not exist', async () => {
    if (!isRoot) return;
    assert.deepEqual(
      ids(await find(contextOf(fresh(), { options: { submitters: ['no-such-user'] } }), 'rights')),
      ['rights.no-such-user'],
    );
  });

  it('of the service are tried as its user, the owner of the mailroot', async () => {
    const root = fresh();
    const context = contextOf(root, { status: undefined as never });
    assert.deepEqual(await find(context, 'rights'), []);
    if (!isRoot) return;
    const uid = Number(spawnSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).stdout);
    chownSync(root, uid, uid);
    for (const name of ['Queue', 'Drop', 'Badmail', 'Pickup']) chownSync(join(root, name), uid, uid);
    chownSync(join(root, 'Drop'), 0, 0);
    const findings = await find(context, 'rights');
    assert.deepEqual(ids(findings), ['rights.service']);
    assert.match(findings[0]!.seen, /the service \(nobody\) cannot .*Drop/);
  });

  it('miss a folder', async () => {
    const root = fresh();
    rmSync(join(root, 'Pickup'), { recursive: true });
    assert.deepEqual(ids(await find(contextOf(root), 'rights')), ['rights.no-folder']);
  });
});

describe('pickup', () => {
  const good = 'From: a@b.example\r\nTo: c@d.example\r\n\r\nx\r\n';

  it('is silent about an empty folder and about files that have just come', async () => {
    const root = fresh();
    assert.deepEqual(await find(contextOf(root), 'pickup'), []);
    writeFileSync(join(root, 'Pickup/new.eml'), good);
    assert.deepEqual(await find(contextOf(root), 'pickup'), []);
  });

  it('says why a file lies: nobody runs, another folder is served, Pickup is off', async () => {
    const root = fresh();
    oldFile(join(root, 'Pickup/a.eml'), good);
    assert.deepEqual(ids(await find(contextOf(root, { status: undefined as never }), 'pickup')), [
      'pickup.not-running',
    ]);
    const elsewhere = await find(contextOf(root, { status: runningAt('/elsewhere') }), 'pickup');
    assert.deepEqual(ids(elsewhere), ['pickup.not-served']);
    assert.match(
      elsewhere[0]!.seen,
      /1 file lies in .* the oldest for 10m; the running service serves \/elsewhere\/Pickup/,
    );
    assert.deepEqual(
      ids(await find(contextOf(root, { settings: { pickup: { enabled: false } } }), 'pickup')),
      ['pickup.disabled'],
    );
  });

  it('says why a file lies: malformed, or nothing that can be seen', async () => {
    const root = fresh();
    oldFile(join(root, 'Pickup/bad.eml'), 'Subject: nobody\r\n\r\nx');
    oldFile(join(root, 'Pickup/good.eml'), good);
    const findings = await find(
      contextOf(root, {
        status: runningAt(root, { stuckFiles: [{ file: 'good.eml', reason: 'still growing' }] }),
      }),
      'pickup',
    );
    assert.deepEqual(ids(findings), ['pickup.malformed', 'pickup.waits']);
    assert.match(findings.find(({ id }) => id === 'pickup.waits')!.seen, /good\.eml: still growing/);
  });

  it('says that the service may not read a file, or not take it away', async () => {
    if (!isRoot) return;
    const root = fresh();
    const uid = Number(spawnSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).stdout);
    oldFile(join(root, 'Pickup/secret.eml'), good, 0o600);
    chownSync(root, uid, uid);
    chownSync(join(root, 'Pickup'), uid, uid);
    // The service is the owner of the mailroot when its process cannot be asked.
    const context = contextOf(root, { status: { ...runningAt(root), pid: undefined as never } });
    const unreadable = await find(context, 'pickup');
    assert.deepEqual(ids(unreadable), ['pickup.unreadable']);
    assert.match(unreadable[0]!.cure, /chmod a\+r .*secret\.eml/);
    chmodSync(join(root, 'Pickup/secret.eml'), 0o644);
    assert.deepEqual(ids(await find(context, 'pickup')), ['pickup.waits']);
    chownSync(join(root, 'Pickup'), 0, 0);
    chmodSync(join(root, 'Pickup'), 0o1777);
    assert.deepEqual(ids(await find(context, 'pickup')), ['pickup.undeletable']);
  });

  it('misses the Archive that the layout of Exchange needs, and is silent when it is there', async () => {
    const root = fresh();
    const settings = { layout: 'exchange-ims' };
    const findings = await find(contextOf(root, { settings }), 'pickup');
    assert.deepEqual(ids(findings), ['pickup.no-archive']);
    assert.match(findings[0]!.cure, new RegExp(`mkdir -p ${root}/Pickup/Archive`));
    const { servers } = contextOf(root, { settings });
    const { uid, gid } = statSync(root);
    setPermissions(plannedPermissions(servers[0]!, { uid, gid }, undefined));
    assert.deepEqual(await find(contextOf(root, { settings }), 'pickup'), []);
    assert.deepEqual(await find(contextOf(root), 'pickup'), [], 'the usual layout has no Archive');
  });

  it('looks into folders of another server, also below imcdata and an old mailroot', async () => {
    const root = fresh();
    const old = fresh();
    const context = contextOf(root, { options: { otherFolders: [old] } });
    assert.deepEqual(await find(context, 'pickup'), []);
    writeFileSync(join(old, 'Pickup/lost.eml'), good);
    const findings = await find(context, 'pickup');
    assert.deepEqual(ids(findings), ['pickup.other-folder']);
    assert.match(findings[0]!.cure, new RegExp(`write to ${root}/Pickup`));
    assert.deepEqual(
      await find(contextOf(root, { options: { otherFolders: [root] } }), 'pickup'),
      [],
      'the own folder is no other',
    );
  });

  it('counts Badmail with reasons, and names the newest', async () => {
    const root = fresh();
    writeFileSync(join(root, 'Badmail/X.BAD'), good);
    const findings = await find(contextOf(root), 'pickup');
    assert.deepEqual(ids(findings), ['pickup.badmail']);
    assert.match(findings[0]!.seen, /1 messages .*1 of an older service/);
  });

  it('tells of destinations that wait, with the last answer, and of frozen delivery', async () => {
    const root = fresh();
    const now = Date.now();
    const destinations = [
      { domain: 'fresh.example', recipients: 3, oldestAt: now - 1000 },
      { domain: 'slow.example', recipients: 2, oldestAt: now - 1000, lastResult: '451 4.3.0 later' },
      { domain: 'old.example', recipients: 1, oldestAt: now - 86_400_000 },
    ];
    const findings = await find(
      contextOf(root, { status: runningAt(root, { destinations, isFrozen: true }) }),
      'pickup',
    );
    assert.deepEqual(ids(findings), ['pickup.frozen', 'pickup.queue-waits', 'pickup.queue-waits']);
    assert.match(findings.map(({ seen }) => seen).join('\n'), /slow\.example wait.*451 4\.3\.0 later/);
  });

  it('watches the quota of Drop and the space on the disk', async () => {
    const root = fresh();
    const settings = { drop: { quota: '10 KB' } };
    assert.deepEqual(await find(contextOf(root, { settings }), 'pickup'), []);
    writeFileSync(join(root, 'Drop/1.EML'), Buffer.alloc(9500));
    assert.deepEqual(
      await find(contextOf(root, { settings }), 'pickup').then((found) =>
        found.map(({ id, severity }) => [id, severity]),
      ),
      [['pickup.drop-quota', 'warning']],
    );
    writeFileSync(join(root, 'Drop/2.EML'), Buffer.alloc(9500));
    assert.deepEqual(
      await find(contextOf(root, { settings }), 'pickup').then((found) =>
        found.map(({ severity }) => severity),
      ),
      ['error'],
    );
    const full = contextOf(root, { machine: { ...thisMachine, space: () => ({ free: 1024, total: 1e12 }) } });
    assert.deepEqual(ids(await find(full, 'pickup')), ['pickup.disk-space']);
  });
});

describe('service', () => {
  const machine = (code: number, stdout: string) => ({
    ...thisMachine,
    run: (program: string, args: readonly string[]) =>
      program === 'systemctl' ? { code, stdout, stderr: '' } : thisMachine.run(program, args),
  });
  const enabled = machine(0, 'enabled\n');

  it('is silent when it runs, and an error when it does not', async () => {
    const root = fresh();
    assert.deepEqual(await find(contextOf(root, { machine: enabled }), 'service'), []);
    assert.deepEqual(
      ids(await find(contextOf(root, { machine: enabled, status: undefined as never }), 'service')),
      ['service.not-running'],
    );
  });

  it('must be installed and enabled at boot', async () => {
    const root = fresh();
    assert.deepEqual(ids(await find(contextOf(root, { machine: machine(1, 'disabled\n') }), 'service')), [
      'service.not-enabled',
    ]);
    assert.deepEqual(ids(await find(contextOf(root, { machine: machine(4, 'not-found\n') }), 'service')), [
      'service.not-installed',
    ]);
  });

  it('must be installed and enabled at boot on Windows too, as a service or as a task', async () => {
    const root = fresh();
    const on = (answers: Readonly<Record<string, string>>) =>
      find(
        contextOf(root, {
          machine: {
            ...thisMachine,
            platform: 'win32',
            run: (program, [verb]) => {
              const stdout = answers[`${program} ${verb}`];
              return { code: stdout === undefined ? 1 : 0, stdout: stdout ?? '', stderr: '' };
            },
          },
        }),
        'service',
      );
    const query = ' STATE : 4 RUNNING\n';
    const task =
      '<BootTrigger><Enabled>true</Enabled></BootTrigger><Settings><Enabled>true</Enabled></Settings>';
    assert.deepEqual(ids(await on({})), ['service.not-installed']);
    assert.deepEqual(await on({ 'sc.exe query': query, 'sc.exe qc': ' START_TYPE : 2 AUTO_START\n' }), []);
    assert.deepEqual(await on({ 'schtasks.exe /Query': task }), []);
    const manual = await on({ 'sc.exe query': query, 'sc.exe qc': ' START_TYPE : 3 DEMAND_START\n' });
    assert.deepEqual(ids(manual), ['service.not-enabled']);
    assert.match(manual[0]!.cure, /sc\.exe config mailroot start= delayed-auto/);
    const off = await on({
      'schtasks.exe /Query': task.replace('true</Enabled></Settings>', 'false</Enabled></Settings>'),
    });
    assert.match(off[0]!.cure, /schtasks\.exe \/Change \/TN Mailroot \/ENABLE/);
  });

  it('says who holds a port that is taken, and is silent when it is free or ours', async () => {
    const root = fresh();
    const holder = createServer();
    const port = await listening(holder);
    const settings = { listen: [`127.0.0.1:${port}`] };
    const taken = await find(
      contextOf(root, { machine: enabled, settings, status: undefined as never }),
      'service',
    );
    assert.deepEqual(ids(taken), ['service.not-running', 'service.port-taken']);
    assert.match(
      taken.find(({ id }) => id === 'service.port-taken')!.seen,
      new RegExp(`is taken by \\S+ \\(process ${process.pid}\\)`),
    );
    assert.deepEqual(
      await find(
        contextOf(root, { machine: enabled, settings, status: runningAt(root, {}, [`127.0.0.1:${port}`]) }),
        'service',
      ),
      [],
    );
    await new Promise((closed) => holder.close(closed));
    assert.deepEqual(
      ids(await find(contextOf(root, { machine: enabled, settings, status: undefined as never }), 'service')),
      ['service.not-running'],
    );
    assert.deepEqual(ids(await find(contextOf(root, { machine: enabled, settings }), 'service')), [
      'service.not-listening',
    ]);
  });

  it('knows an address that the machine does not have', async () => {
    const context = contextOf(fresh(), {
      machine: enabled,
      settings: { listen: ['192.0.2.77:2525'] },
      status: undefined as never,
    });
    assert.deepEqual(ids(await find(context, 'service')), ['service.no-such-address', 'service.not-running']);
  });

  it('notices a clock that was set back, or never set', async () => {
    const root = fresh();
    utimesSync(join(root, 'Drop'), Date.now() / 1000 + 3600, Date.now() / 1000 + 3600);
    assert.deepEqual(ids(await find(contextOf(root, { machine: enabled }), 'service')), ['service.clock']);
    const reset = { ...systemClock, now: () => 0 };
    assert.deepEqual(ids(await find(contextOf(fresh(), { machine: enabled, clock: reset }), 'service')), [
      'service.clock',
    ]);
  });

  it('notices too few open files of the real service process', async () => {
    const child = spawnSync('/bin/sh', ['-c', 'ulimit -n 256; sleep 30 & echo $!'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 100,
    });
    const pid = Number(child.stdout.trim());
    assert.ok(pid > 0);
    try {
      const root = fresh();
      assert.deepEqual(
        ids(
          await find(contextOf(root, { machine: enabled, status: { ...runningAt(root), pid } }), 'service'),
        ),
        ['service.open-files'],
      );
    } finally {
      process.kill(pid);
    }
  });
});

/** Listens on a free port. A test that fails must not keep the process alive. */
function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  server.unref();
  server.on('connection', (socket) => socket.unref());
  return new Promise((ready) => server.listen(0, host, () => ready((server.address() as AddressInfo).port)));
}

describe('access', () => {
  const root = fresh();
  const certificate = (name: string, days: number, file: string): void => {
    const made = spawnSync('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      join(root, `${file}.key`),
      '-out',
      join(root, `${file}.pem`),
      '-days',
      String(days),
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=DNS:${name}`,
    ]);
    assert.equal(made.status, 0, String(made.stderr));
    chmodSync(join(root, `${file}.key`), 0o600);
  };
  const tls = (file: string, key = file): RawSettings => ({
    tls: { certificateFile: join(root, `${file}.pem`), keyFile: join(root, `${key}.key`) },
  });

  it('is silent about loopback with the usual rules', async () => {
    assert.deepEqual(
      await find(contextOf(root, { settings: { listen: ['127.0.0.1:2525', '[::1]:2525'] } }), 'access'),
      [],
    );
  });

  it('names an open relay, and exposure to everybody', async () => {
    const open = { access: { relayForEveryone: 'yes, this is an open relay' } };
    assert.deepEqual(ids(await find(contextOf(root, { settings: open }), 'access')), ['access.open-relay']);
    assert.deepEqual(ids(await find(contextOf(root, { settings: { listen: ['0.0.0.0:2525'] } }), 'access')), [
      'access.exposed',
    ]);
    const closed = {
      listen: ['0.0.0.0:2525'],
      access: { connections: { default: 'deny', allow: ['10.0.0.0/8', '127.0.0.0/8'] } },
    };
    assert.deepEqual(await find(contextOf(root, { settings: closed }), 'access'), []);
  });

  it('misses ::1 beside 127.0.0.1 in both lists', async () => {
    const settings = {
      listen: ['127.0.0.1:2525', '[::1]:2525'],
      access: { connections: { default: 'deny', allow: ['127.0.0.1'] }, relayNetworks: ['127.0.0.1'] },
    };
    assert.deepEqual(ids(await find(contextOf(root, { settings }), 'access')), [
      'access.no-loopback6',
      'access.no-relay-loopback6',
    ]);
    const both = {
      listen: settings.listen,
      access: {
        connections: { default: 'deny', allow: ['127.0.0.1', '::1'] },
        relayNetworks: ['127.0.0.1', '::1'],
      },
    };
    assert.deepEqual(await find(contextOf(root, { settings: both }), 'access'), []);
  });

  it('sees passwords without TLS, and users that cannot log on', async () => {
    const users = { usersFile: join(root, 'users') };
    assert.deepEqual(ids(await find(contextOf(root, { settings: { access: { ...users } } }), 'access')), [
      'access.users-without-tls',
    ]);
    assert.deepEqual(
      ids(
        await find(
          contextOf(root, { settings: { access: { ...users, plainTextAuthNetworks: ['10.0.0.0/8'] } } }),
          'access',
        ),
      ),
      ['access.plain-passwords'],
    );
  });

  it('reads the certificate: right, about to end, wrong name, wrong key, key open to all, no certificate at all', async () => {
    certificate('mail.example.test', 300, 'good');
    certificate('mail.example.test', 10, 'short');
    certificate('other.example.test', 300, 'other');
    const check = async (settings: RawSettings, at = Date.now()): Promise<string[]> =>
      ids(await find(contextOf(root, { settings, clock: { ...systemClock, now: () => at } }), 'access'));
    assert.deepEqual(await check(tls('good')), []);
    assert.deepEqual(await check(tls('short')), ['access.certificate-expires']);
    assert.deepEqual(await check(tls('short'), Date.now() + 11 * 86_400_000), ['access.certificate-expired']);
    assert.deepEqual(await check(tls('other')), ['access.certificate-name']);
    assert.deepEqual(await check(tls('good', 'other')), ['access.key-mismatch']);
    assert.deepEqual(await check(tls('missing')), ['access.certificate-unreadable']);
    writeFileSync(join(root, 'broken.key'), 'no key');
    assert.deepEqual(
      await check(tls('good', 'broken')).then((found) => found.includes('access.key-unreadable')),
      true,
    );
    chmodSync(join(root, 'good.key'), 0o644);
    assert.deepEqual(await check(tls('good')), ['access.key-readable']);
    const { mended, findings } = await diagnose(contextOf(root, { settings: tls('good') }), {
      groups: ['access'],
      mends: true,
    });
    assert.equal(mended.length, 1);
    assert.deepEqual(findings, []);
    assert.equal(statSync(join(root, 'good.key')).mode & 0o777, 0o640);
    assert.deepEqual(await check(tls('good')), []);
  });

  it('tries to relay from an address that no rule lists, and never sends a message', async () => {
    const said: string[] = [];
    let answer = '550 5.7.1 Unable to relay';
    const server = createServer((socket) => {
      socket.write('220 test\r\n');
      eachLine(socket, (line) => {
        said.push(line);
        socket.write(line.startsWith('RCPT') ? `${answer}\r\n` : '250 ok\r\n');
      });
    });
    const port = await listening(server);
    const settings = { listen: [`127.0.0.1:${port}`], access: { relayNetworks: ['127.0.0.1/32'] } };
    const context = contextOf(root, { settings, options: { network: true } });
    assert.deepEqual(await find(context, 'access'), []);
    assert.ok(
      said.filter((line) => line.startsWith('RCPT')).length >= 11,
      'the seven tests and the later forms',
    );
    answer = '250 ok';
    const findings = await find(context, 'access');
    assert.deepEqual(ids(findings), ['access.relays']);
    assert.match(
      findings[0]!.seen,
      /from 127\.0\.0\.9, which no rule lists: RCPT TO:<rcpt@relay-test\.example>/,
    );
    assert.ok(!said.some((line) => /^(DATA|BDAT)/.test(line)));
    server.close();
  });
});

function eachLine(socket: Socket, take: (line: string) => void): void {
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    text += String(bytes);
    for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
      const line = text.slice(0, end);
      text = text.slice(end + 2);
      take(line);
    }
  });
}

describe('outbound', () => {
  const root = fresh();
  const zones = {
    'example.test': [
      ['example.test', 'TXT', 'v=spf1 -all'],
      ['example.test', 'MX', '10 mx.example.test.'],
      ['mx.example.test', 'A', '127.0.0.1'],
      ['mail.example.test', 'A', '127.0.0.1'],
      ['mail.example.test', 'TXT', 'v=spf1 -all'],
      ['smart.example.test', 'A', '127.0.0.1'],
      ['two.example.test', 'TXT', 'v=spf1 -all'],
      ['two.example.test', 'TXT', 'v=spf1 +all'],
      ['nomail.example.test', 'MX', '0 .'],
      ['dead.example.test', 'MX', '10 nowhere.example.test.'],
    ],
    '127.in-addr.arpa': [['1.0.0.127.in-addr.arpa', 'PTR', 'mail.example.test.']],
  } as const;
  const network = (domain?: string): Partial<DoctorOptions> => ({
    network: true,
    ...(domain !== undefined && { domain }),
  });

  it('asks DNS by UDP and TCP, the names, MX and SPF of a real name server', async () => {
    const dns = await startNsd(zones);
    try {
      const check = async (settings: RawSettings = {}, domain?: string): Promise<string[]> =>
        ids(
          await find(
            contextOf(root, {
              settings: {
                delivery: { dnsServers: [dns.server], ...(settings['delivery'] as object) },
                domains: { default: 'example.test' },
                ...pick(settings),
              },
              options: network(domain),
            }),
            'outbound',
          ),
        );
      const pick = (settings: RawSettings): RawSettings =>
        Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'delivery'));
      assert.deepEqual(await check(), []);
      assert.deepEqual(await check({ fqdn: 'unknown.example.test' }), ['outbound.fqdn-unknown']);
      assert.deepEqual(await check({ fqdn: 'mx.example.test' }), ['outbound.no-reverse']);
      assert.deepEqual(await check({ fqdn: 'short' }), ['outbound.fqdn-short']);
      assert.deepEqual(await check({ domains: { default: 'mx.example.test' } }), ['outbound.no-spf']);
      assert.deepEqual(await check({ domains: { default: 'two.example.test' } }), ['outbound.two-spf']);
      const host = createServer();
      const port = await listening(host);
      assert.deepEqual(await check({ delivery: { port } }, 'example.test'), []);
      host.close();
      const closed = await find(
        contextOf(root, {
          settings: { delivery: { dnsServers: [dns.server], port }, domains: { default: 'example.test' } },
          options: network('example.test'),
        }),
        'outbound',
      );
      assert.deepEqual(ids(closed), ['outbound.unreachable']);
      assert.match(closed[0]!.seen, /mx\.example\.test \(127\.0\.0\.1\): ECONNREFUSED/);
      assert.deepEqual(await check({}, 'no-such.example.test'), ['outbound.no-such-domain']);
      assert.deepEqual(await check({}, 'nomail.example.test'), ['outbound.null-mx']);
      assert.deepEqual(await check({}, 'dead.example.test'), ['outbound.unreachable']);
    } finally {
      await dns.stop();
    }
  });

  it('tells a DNS server without TCP from one that is silent', async () => {
    const { createSocket } = await import('node:dgram');
    const udp = createSocket('udp4');
    udp.on('message', (bytes, from) => {
      const answer = Buffer.from(bytes.subarray(0, 12));
      answer[2] = 0x84;
      answer[3] = 0x03;
      udp.send(Buffer.concat([answer.fill(0, 4, 12)]), from.port, from.address);
    });
    const port = await new Promise<number>((ready) =>
      udp.bind(0, '127.0.0.1', () => ready(udp.address().port)),
    );
    const settings = {
      fqdn: 'short',
      delivery: { dnsServers: [`127.0.0.1:${port}`] },
      domains: { default: 'short' },
    };
    const found = ids(await find(contextOf(root, { settings, options: network() }), 'outbound'));
    assert.ok(found.includes('outbound.dns-no-tcp'), found.join());
    udp.close();
    const silent = ids(await find(contextOf(root, { settings, options: network() }), 'outbound'));
    assert.ok(silent.includes('outbound.dns-silent'), silent.join());
  });

  it('greets the smart host: unknown, ourselves, closed, refusing, without TLS, without AUTH, with other AUTH, well', async () => {
    const dns = await startNsd(zones);
    let greeting = '220 smart';
    let keywords = ['AUTH PLAIN LOGIN'];
    const host = createServer((socket) => {
      socket.write(`${greeting}\r\n`);
      eachLine(socket, (line) => {
        if (line.startsWith('EHLO'))
          socket.write(['250-smart', ...keywords.map((word) => `250-${word}`), '250 HELP', ''].join('\r\n'));
        else socket.write('250 ok\r\n');
      });
    });
    const port = await listening(host);
    writeFileSync(join(root, 'password'), 'x\n');
    const check = async (delivery: RawSettings, listen: readonly string[] = []): Promise<string[]> =>
      ids(
        await find(
          contextOf(root, {
            settings: {
              listen,
              delivery: { dnsServers: [dns.server], ...delivery },
              domains: { default: 'example.test' },
            },
            options: network(),
          }),
          'outbound',
        ),
      );
    const user = { user: 'u', passwordFile: join(root, 'password') };
    try {
      const smartHost = `smart.example.test:${port}`;
      assert.deepEqual(await check({ smartHost }), []);
      assert.deepEqual(await check({ smartHost: 'gone.example.test' }), ['outbound.smart-host-unknown']);
      assert.deepEqual(await check({ smartHost }, [`127.0.0.1:${port}`]), ['outbound.smart-host-self']);
      assert.deepEqual(await check({ smartHost, ...user, tls: 'none', plainTextPassword: true }), []);
      assert.deepEqual(await check({ smartHost, ...user }), ['outbound.smart-host-no-tls']);
      keywords = ['AUTH GSSAPI'];
      assert.deepEqual(await check({ smartHost, ...user, tls: 'none', plainTextPassword: true }), [
        'outbound.smart-host-auth',
      ]);
      keywords = [];
      assert.deepEqual(await check({ smartHost, ...user, tls: 'none', plainTextPassword: true }), [
        'outbound.smart-host-no-auth',
      ]);
      greeting = '554 no';
      assert.deepEqual(await check({ smartHost }), ['outbound.smart-host-refuses']);
      greeting = 'HTTP/1.0 400 Bad Request';
      assert.deepEqual(await check({ smartHost }), ['outbound.smart-host-unreachable']);
      await new Promise((closed) => host.close(closed));
      assert.deepEqual(await check({ smartHost }), ['outbound.smart-host-unreachable']);
      // Recognised by name alone; whether it answers is another matter.
      assert.ok((await check({ smartHost: 'smtp.office365.com:25' })).includes('outbound.microsoft-365'));
      assert.ok(
        (await check({ smartHost: 'contoso-com.mail.protection.outlook.com:587' })).includes(
          'outbound.microsoft-365',
        ),
      );
      assert.ok(
        !(await check({ smartHost: 'smtp.office365.com:587', ...user })).includes('outbound.microsoft-365'),
      );
    } finally {
      await dns.stop();
    }
  });
});
