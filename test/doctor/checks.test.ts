/** The doctor's checks: each sees the thing that is broken, and is silent when all is well. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemClock } from '../../src/base/index.ts';
import type { RawSettings } from '../../src/config/index.ts';
import {
  CHECK_LIST,
  type DoctorContext,
  diagnose,
  type Machine,
  plannedPermissions,
  setPermissions,
  thisMachine,
} from '../../src/doctor/index.ts';
import {
  contextOf,
  eachLine,
  find,
  fresh,
  ids,
  isRoot,
  listening,
  oldFile,
  runningAt,
  unseen,
} from './bench.ts';

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

  it('knows a port that this user may not have, and is silent about one that he may', async () => {
    const settings = { listen: ['127.0.0.1:25'] };
    const with_ = (failure: string | undefined) =>
      contextOf(fresh(), {
        machine: { ...enabled, tryPort: async () => failure },
        settings,
        status: undefined as never,
      });
    const found = await find(with_('EACCES'), 'service');
    assert.deepEqual(ids(found), ['service.not-running', 'service.port-forbidden']);
    assert.match(found.map(({ cure }) => cure).join(), /cap_net_bind_service/);
    assert.deepEqual(ids(await find(with_(undefined), 'service')), ['service.not-running']);
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
    certificate('mail.example.test', 300, 'users');
    assert.deepEqual(
      await find(contextOf(root, { settings: { access: { ...users }, ...tls('users') } }), 'access'),
      [],
    );
    assert.deepEqual(
      await find(
        contextOf(root, { settings: { access: { ...users, plainTextAuthNetworks: ['127.0.0.0/8'] } } }),
        'access',
      ),
      [],
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

describe('--fix', () => {
  const good = 'From: a@b.example\r\nTo: c@d.example\r\n\r\nx\r\n';
  const fix = async (
    context: DoctorContext,
    group: string,
  ): Promise<{ mended: string[]; left: string[] }> => {
    const { mended, findings } = await diagnose(context, { groups: [group], mends: true });
    return { mended: [...mended], left: ids(findings) };
  };

  it('creates folders that are missing, for the owner of the mailroot', async () => {
    const root = fresh();
    if (isRoot)
      for (const name of ['', 'Queue', 'Drop', 'Badmail']) chownSync(join(root, name), 65534, 65534);
    rmSync(join(root, 'Pickup'), { recursive: true });
    const context = contextOf(root, { status: undefined as never });
    const { mended, left } = await fix(context, 'rights');
    assert.match(mended[0]!, /Pickup does not exist: create .*Pickup/);
    assert.equal(mended.length, 1);
    assert.deepEqual(left, []);
    const { mode, uid } = statSync(join(root, 'Pickup'));
    assert.equal(mode & 0o777, 0o700);
    assert.equal(uid, statSync(root).uid);
    assert.deepEqual(await find(context, 'rights'), []);
  });

  it('gives folders back to the service, and its submitter the least rights; mail stays as it is', async () => {
    if (!isRoot) return;
    const root = fresh();
    const uid = Number(spawnSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).stdout);
    chownSync(root, uid, uid);
    writeFileSync(join(root, 'Drop/kept.eml'), good);
    const service = contextOf(root, { status: undefined as never });
    const before = await fix(service, 'rights');
    assert.equal(before.mended.length, 4);
    assert.deepEqual(before.left, []);
    assert.deepEqual(await find(service, 'rights'), []);
    assert.equal(statSync(join(root, 'Drop')).uid, uid);
    assert.equal(readFileSync(join(root, 'Drop/kept.eml'), 'utf8'), good);
    const other = fresh();
    writeFileSync(join(other, 'Pickup/kept.eml'), good);
    chmodSync(join(other, 'Pickup'), 0o700);
    const submitter = contextOf(other, { options: { submitters: ['nobody'] } });
    const { mended, left } = await fix(submitter, 'rights');
    assert.match(mended.join(), /nobody cannot create a file .*: set the least rights for nobody/);
    assert.deepEqual(left, []);
    assert.deepEqual(await find(submitter, 'rights'), []);
    assert.equal(readFileSync(join(other, 'Pickup/kept.eml'), 'utf8'), good);
    const two = contextOf(fresh(), { options: { submitters: ['nobody', 'daemon'] } });
    chmodSync(join(two.servers[0]!.mailroot, 'Pickup'), 0o700);
    assert.deepEqual(
      (await fix(two, 'rights')).left,
      ['rights.cannot-add', 'rights.cannot-add'],
      'two need a group',
    );
  });

  it('removes half-written files of a day ago and nothing else', async () => {
    const root = fresh();
    const day = 25 * 3600;
    const old = (name: string): void => {
      writeFileSync(join(root, name), 'half');
      utimesSync(join(root, name), Date.now() / 1000 - day, Date.now() / 1000 - day);
    };
    mkdirSync(join(root, 'Pickup/.mailroot-claimed'));
    writeFileSync(join(root, 'Drop/.mailroot-young'), 'half');
    for (const name of ['Pickup/.mailroot-claimed/M1.1.a.eml', 'Drop/.other', 'Drop/1.EML']) old(name);
    assert.deepEqual(await find(contextOf(root), 'pickup'), []);
    for (const name of ['Pickup/.mailroot-x', 'Drop/.mailroot-y', 'Badmail/.mailroot-z.BAD']) old(name);
    assert.deepEqual(ids(await find(contextOf(root), 'pickup')), ['pickup.stale-temporaries']);
    const { mended, left } = await fix(contextOf(root), 'pickup');
    assert.match(mended[0]!, /3 half-written files .*remove 3/);
    assert.deepEqual(left, []);
    assert.deepEqual(readdirSync(join(root, 'Drop')).sort(), ['.mailroot-young', '.other', '1.EML']);
    assert.deepEqual(readdirSync(join(root, 'Pickup/.mailroot-claimed')), ['M1.1.a.eml'], 'claims are mail');
  });

  it('creates the Archive of Pickup, but not where a file is in its place', async () => {
    const settings = { layout: 'exchange-ims' };
    const root = fresh();
    assert.deepEqual((await fix(contextOf(root, { settings }), 'pickup')).left, []);
    assert.ok(existsSync(join(root, 'Pickup/Archive')));
    const other = fresh();
    writeFileSync(join(other, 'Pickup/Archive'), good);
    assert.deepEqual((await fix(contextOf(other, { settings }), 'pickup')).left, ['pickup.no-archive']);
    assert.equal(readFileSync(join(other, 'Pickup/Archive'), 'utf8'), good);
  });

  it('takes over the mail of another folder only when asked to, each file once, and leaves the old files', async () => {
    const root = fresh();
    const old = fresh();
    oldFile(join(old, 'Pickup/lost.eml'), good);
    writeFileSync(join(old, 'Pickup/young.eml'), good);
    const unasked = contextOf(root, { options: { otherFolders: [old] } });
    assert.deepEqual(await fix(unasked, 'pickup'), { mended: [], left: ['pickup.other-folder'] });
    const asked = contextOf(root, { options: { otherFolders: [old], adopts: true } });
    const { mended, left } = await fix(asked, 'pickup');
    assert.match(mended[0]!, /2 files lie in .*: copy the mail of .* each file once/);
    assert.deepEqual(left, []);
    assert.deepEqual(readdirSync(join(root, 'Pickup')), ['lost.eml'], 'what may still be written waits');
    rmSync(join(root, 'Pickup/lost.eml'));
    const again = await fix(asked, 'pickup');
    assert.deepEqual(again.left, ['pickup.other-folder']);
    assert.deepEqual(readdirSync(join(root, 'Pickup')), [], 'what was sent is not put there again');
    oldFile(join(old, 'Pickup/young.eml'), good);
    assert.deepEqual((await fix(asked, 'pickup')).left, []);
    assert.deepEqual(readdirSync(join(root, 'Pickup')), ['young.eml']);
    assert.deepEqual(await find(asked, 'pickup'), []);
    assert.equal(readdirSync(join(old, 'Pickup')).length, 2, 'the old folder is only read');
  });

  it('enables the service at boot, and says when that fails', async () => {
    const said: string[] = [];
    let enableCode = 0;
    const machine = {
      ...thisMachine,
      platform: 'linux' as const,
      isRoot: true,
      run: (program: string, args: readonly string[]) => {
        const line = [program, ...args].join(' ');
        said.push(line);
        if (line.includes('is-enabled')) return { code: 1, stdout: 'disabled\n', stderr: '' };
        return { code: enableCode, stdout: '', stderr: enableCode === 0 ? '' : 'Access denied' };
      },
    };
    const context = contextOf(fresh(), { machine });
    assert.deepEqual((await fix(context, 'service')).left, []);
    assert.ok(said.includes('systemctl enable mailroot'));
    enableCode = 1;
    const { findings } = await diagnose(context, { groups: ['service'], mends: true });
    assert.match(findings[0]!.seen, /mending it failed: Access denied/);
    assert.deepEqual(
      (await fix(contextOf(fresh(), { machine: { ...machine, isRoot: false } }), 'service')).mended,
      [],
    );
  });
});

it('submitters may be groups, whose members are tried', async () => {
  const lines: Readonly<Record<string, string>> = {
    'getent group web': 'web:x:900:nobody\n',
    'getent group main': 'main:x:65534:\n',
    'getent group empty': 'empty:x:901:\n',
    'getent passwd': 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
  };
  const tried: string[] = [];
  const machine: Machine = {
    ...thisMachine,
    isRoot: false,
    run: (program, args) => {
      const stdout = lines[[program, ...args].join(' ')];
      return stdout === undefined ? { code: 2, stdout: '', stderr: '' } : { code: 0, stdout, stderr: '' };
    },
    runAs: (user) => {
      tried.push(user);
      return { code: 0, stdout: 'add\n', stderr: '' };
    },
  };
  const rights = (...submitters: string[]) =>
    find(contextOf(fresh(), { machine, options: { submitters }, status: undefined as never }), 'rights');
  assert.deepEqual(await rights('group:web', 'group:main'), []);
  assert.deepEqual(tried, ['nobody']);
  assert.match((await rights('group:empty'))[0]!.seen, /'empty' has no members/);
  const unknown = await rights('group:unknown');
  assert.deepEqual(ids(unknown), ['rights.empty-group']);
  assert.equal(unknown[0]!.cure, 'groupadd unknown');
  const untried = contextOf(fresh(), {
    machine: { ...machine, runAs: () => undefined },
    options: { submitters: ['nobody'] },
  });
  assert.deepEqual(ids(await find(untried, 'rights')), ['rights.not-tried']);
});

it('each check of these groups was seen to find something, and to be silent', () => {
  // Some need root to break something.
  if (isRoot) assert.deepEqual(unseen('rights', 'pickup', 'service', 'access'), []);
});

it('the list of checks names each id that the checks have, and the page lists them', () => {
  const folder = join(import.meta.dirname, '../../src/doctor');
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'check-list.ts');
  const code = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const listed = CHECK_LIST.map(({ id }) => id);
  const written = [...code.matchAll(/'((?:rights|pickup|service|access|outbound)\.[a-z0-9-]+)'/g)].map(
    ([, id]) => id!,
  );
  // Words of the same form that are no findings.
  const others = ['access.connections'];
  for (const id of new Set(written))
    assert.ok(listed.includes(id) || others.includes(id), `${id} is not in the list`);
  for (const id of listed) {
    const last = id.slice(id.indexOf('.') + 1);
    const name = last.replace(/^dkim-/, '');
    assert.ok(
      code.includes(`'${id}'`) || code.includes(`'${last}'`) || code.includes(`'${name}'`),
      `${id} is not in the code`,
    );
  }
  assert.equal(new Set(listed).size, listed.length);
});
