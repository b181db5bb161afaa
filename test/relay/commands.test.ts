/** The commands against a running relay, as processes of their own, as an operator types them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SERVICE_FLAGS } from '../../bin/service-process.mjs';
import { RelayProcess, runMailroot } from '../support/relay-process.ts';
import { SinkServer, type SunkMessage } from '../support/sink-server.ts';

type Listed = {
  messages: {
    id: string;
    headerMessageId?: string;
    recipients: { address: string; state: string; lastResult?: string }[];
  }[];
};

describe('commands on a running relay', () => {
  let sink: SinkServer;
  let relay: RelayProcess;
  before(async () => {
    sink = await SinkServer.start();
    relay = await RelayProcess.start([
      '--smart-host',
      `[127.0.0.1]:${sink.port}`,
      '--listen',
      '127.0.0.1:0',
      '--fqdn',
      'relay.test',
    ]);
  });
  after(async () => {
    await relay.dispose();
    await sink.stop();
  });

  async function ok(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await relay.command(...args);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  async function send(to: string, ...more: readonly string[]): Promise<string> {
    const answer = JSON.parse(
      await ok(
        'send',
        '--from',
        'me@example.com',
        '--to',
        to,
        '--subject',
        'Test ü',
        '--body',
        'It works.',
        '--json',
        ...more,
      ),
    ) as { id: string };
    return answer.id;
  }

  async function listed(...filter: readonly string[]): Promise<Listed['messages']> {
    return (JSON.parse(await ok('queue', 'list', '--json', ...filter)) as Listed).messages;
  }

  async function arrived(recipient: string): Promise<SunkMessage> {
    const wanted = (message: SunkMessage): boolean => message.recipients.includes(recipient);
    await sink.until((messages) => messages.some(wanted));
    return sink.messages.find(wanted)!;
  }

  /** Sends to a recipient that the sink defers, and waits until the relay has noted it. */
  async function deferred(local: string): Promise<string> {
    const id = await send(`defer-451-4.3.0@${local}.example.net`);
    await relay.printed(new RegExp(`outcome\\.deferred messageId=${id}`));
    return id;
  }

  it('send: exits with 0 when the message is in the queue, and it is delivered', async () => {
    const id = await send('bob@example.net');
    assert.match(id, /^[0-9A-Z]{16}$/);
    const message = await arrived('bob@example.net');
    assert.equal(message.sender, 'me@example.com');
    assert.match(message.content.toString('latin1'), /^Subject: =\?utf-8\?/im);
  });

  it('send: a file of several megabytes, with envelope lines of its own', async () => {
    const file = join(relay.mailroot, 'large.eml');
    writeFileSync(
      file,
      `x-sender: <>\nx-receiver: large@example.net\nFrom: a@example.com\n\n${'0123456789 abcdefg\n'.repeat(200_000)}`,
    );
    await ok('send', file);
    const message = await arrived('large@example.net');
    assert.equal(message.sender, '');
    assert.ok(message.content.length > 3_800_000);
  });

  it('send: refuses what Pickup would put into Badmail, says why, and exits with 1', async () => {
    const { code, stderr } = await runMailroot(['send', '--mailroot', relay.mailroot], {
      input: 'Subject: x\n\ny\n',
    });
    assert.equal(code, 1);
    assert.match(stderr, /From/);
    assert.match(
      (await relay.command('send', '--to', 'a@b@c', '--from', 'x@example.com', '--body', 'x')).stderr,
      /a@b@c/,
    );
  });

  it('queue list, show: say where a message is and what the host answered', async () => {
    const id = await deferred('list');
    const [entry] = await listed('--domain', 'list.example.net');
    assert.equal(entry!.id, id);
    assert.equal(entry!.recipients[0]!.state, 'deferred');
    assert.match(entry!.recipients[0]!.lastResult!, /451 4\.3\.0/);
    assert.match(await ok('queue', 'list'), new RegExp(`${id}.*deferred.*451 4\\.3\\.0`));
    const shown = await ok('queue', 'show', id);
    assert.match(shown, /451 4\.3\.0/);
    assert.match(shown, /^Subject: /m);
    assert.equal((await relay.command('queue', 'show', '0000000000000000')).code, 1);
  });

  it('trace asp show: says where the mail of a page is now, by Message-ID and by Pickup file', async () => {
    const id = await deferred('traced');
    const [entry] = await listed('--domain', 'traced.example.net');
    const folder = join(relay.mailroot, 'traces');
    mkdirSync(folder);
    writeFileSync(
      join(relay.mailroot, 'Pickup', 'Traced-By-Name.eml'),
      'From: a@example.com\r\nTo: named@example.net\r\nSubject: named\r\n\r\nx\r\n',
    );
    await arrived('named@example.net');
    const record = { atMs: 1, file: '/a.asp', line: 2, kind: 'mail', object: 'CDO.Message' };
    const way = (file: string) => ({ kind: 'pickup', file });
    writeFileSync(
      join(folder, 'fr000001.json'),
      JSON.stringify({
        format: 1,
        id: 'fr000001',
        site: 'shop',
        at: Date.now(),
        method: 'GET',
        url: 'http://shop.example/a.asp',
        path: '/a.asp',
        client: '192.0.2.1',
        user: '',
        status: 200,
        subStatus: 0,
        tookMs: 1,
        reason: 'REQUESTED',
        activityId: '01234567-89ab-cdef-0123-456789abcdef',
        processId: 1,
        dropped: 0,
        records: [
          { ...record, messageId: entry!.headerMessageId, way: way('whatever.eml') },
          { ...record, messageId: '', way: way('traced-by-name.eml') },
          { ...record, messageId: 'nobody@knows.example', way: way('nowhere.eml') },
        ],
      }),
    );
    const shown = await ok('trace', 'asp', 'show', 'fr000001', '--folder', folder);
    assert.match(
      shown,
      new RegExp(
        `${id}, in the queue, arrived .*\\n +<?defer-451-4\\.3\\.0@traced\\.example\\.net>? deferred: .*451 4\\.3\\.0`,
      ),
    );
    assert.match(
      shown,
      /put into Pickup as traced-by-name\.eml\n +[0-9a-zA-Z]{16}, finished, .*\n +<?named@example\.net>? delivered/,
    );
    assert.match(shown, /nobody@knows\.example .*\n +the relay does not know it: still in Pickup/);
  });

  it('queue retry tries at once, without waiting for the interval', async () => {
    const id = await deferred('retry');
    const attempts = (text: string): number => text.split(`outcome.deferred messageId=${id}`).length - 1;
    assert.equal(attempts(relay.output), 1);
    await ok('queue', 'retry', id);
    await relay.printed(new RegExp(`(outcome\\.deferred messageId=${id}[\\s\\S]*){2}`));
    assert.equal(attempts(relay.output), 2);
  });

  it('queue hold keeps a message back, release lets it go', async () => {
    const id = await deferred('hold');
    assert.match(await ok('queue', 'hold', id), /1 message held/);
    assert.equal((await listed('--state', 'held'))[0]!.id, id);
    await ok('queue', 'retry', id);
    assert.equal((await listed('--state', 'held'))[0]!.id, id, 'retry does not release');
    assert.match(await ok('queue', 'release', id), /1 message released/);
    await relay.printed(new RegExp(`(outcome\\.deferred messageId=${id}[\\s\\S]*){2}`));
  });

  it('queue export writes a file that Pickup takes again', async () => {
    const id = await deferred('export');
    const text = await ok('queue', 'export', id);
    assert.match(
      text,
      /^x-sender: .*me@example\.com.*\r\nx-receiver: .*defer-451-4\.3\.0@export\.example\.net/,
    );
    writeFileSync(
      join(relay.pickup, 'again.eml'),
      text.replace('defer-451-4.3.0@export.example.net', 'exported@example.net'),
    );
    const message = await arrived('exported@example.net');
    assert.equal(message.sender, 'me@example.com');
  });

  it('queue bounce returns the message to its sender as an NDR with status 4.3.2 or 5.x', async () => {
    const id = await deferred('bounce');
    assert.match(await ok('queue', 'bounce', id), /1 message returned to sender/);
    const ndr = await arrived('me@example.com');
    assert.equal(ndr.sender, '');
    const text = ndr.content.toString('utf8');
    assert.match(text, /^Content-Type: multipart\/report; report-type=delivery-status/im);
    assert.match(text, /^Final-Recipient: rfc822; ?defer-451-4\.3\.0@bounce\.example\.net/im);
    assert.deepEqual(await listed('--domain', 'bounce.example.net'), []);
  });

  it('queue delete removes by filter; an order without a filter is refused', async () => {
    await deferred('delete');
    await deferred('delete');
    assert.match(await ok('queue', 'delete', '--domain', 'delete.example.net'), /2 messages deleted/);
    assert.deepEqual(await listed('--domain', 'delete.example.net'), []);
    assert.equal((await relay.command('queue', 'delete')).code, 2);
  });

  it('queue freeze stops delivery while mail is accepted; thaw goes on', async () => {
    await ok('queue', 'freeze');
    await send('frozen@example.net');
    assert.match(await ok('status'), /DELIVERY IS FROZEN/);
    assert.ok((await listed('--recipient', 'frozen@')).length === 1);
    assert.ok(!sink.messages.some(({ recipients }) => recipients.includes('frozen@example.net')));
    await ok('queue', 'thaw');
    await arrived('frozen@example.net');
  });

  it('a refused recipient is returned with the reply of the host; the others are delivered', async () => {
    await ok(
      'send',
      '--from',
      'ann@example.com',
      '--to',
      'reject-550-5.1.1@example.net',
      '--to',
      'good@example.net',
      '--body',
      'x',
    );
    await arrived('good@example.net');
    const text = (await arrived('ann@example.com')).content.toString('utf8');
    assert.match(text, /^Status: 5\.1\.1/m);
    assert.match(text, /^Diagnostic-Code: smtp; ?550 5\.1\.1 as asked/m);
    assert.ok(!/^Final-Recipient: .*good@example\.net/m.test(text));
  });

  it('badmail list, show, replay', async () => {
    writeFileSync(
      join(relay.pickup, 'nobody.eml'),
      'To: replayed@example.net\nSubject: from nobody\n\ntext\n',
    );
    await relay.printed(/badmail\.written/);
    const { files } = JSON.parse(await ok('badmail', 'list', '--json')) as {
      files: { name: string; reason: string }[];
    };
    assert.equal(files.length, 1);
    const shown = await ok('badmail', 'show', files[0]!.name);
    assert.match(shown, /From/);
    assert.match(shown, /^Subject: from nobody/m);
    // Still without a sender, so it comes back; nothing is lost on the way.
    assert.match(await ok('badmail', 'replay', files[0]!.name), /1 message put back/);
    await relay.printed(/(badmail\.written[\s\S]*){2}/);
    assert.equal((JSON.parse(await ok('badmail', 'list', '--json')) as { files: unknown[] }).files.length, 1);
    assert.equal((await relay.command('badmail', 'show', 'nothing')).code, 1);
  });

  it('status tells version, listeners and what waits, for people and for programs', async () => {
    const status = JSON.parse(await ok('status', '--json')) as {
      servers: { listening: string[] }[];
      pid: number;
    };
    assert.equal(status.pid, relay.pid);
    assert.deepEqual(status.servers[0]!.listening, [`127.0.0.1:${relay.smtpPort}`]);
    assert.match(await ok('status'), /Server 'default' \(relay\.test\): listens on 127\.0\.0\.1:/);
  });

  it('trace shows the dialogue of a session, with a filter', async () => {
    const script = join(import.meta.dirname, '../../src/cli/main.ts');
    const trace = spawn(
      process.execPath,
      [script, 'trace', '--mailroot', relay.mailroot, '--sender', 'traced@'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const wholeSession = /< EHLO trace\.test.*< MAIL FROM:<traced@example\.com>.*> 250 2\.1\.0/s;
    let shown = '';
    trace.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    // The watcher may arrive in the middle of a session: sessions are offered until it has seen a whole one.
    for (let offered = 0; offered < 1000 && !wholeSession.test(shown); offered += 1) {
      const socket = connect(relay.smtpPort, '127.0.0.1');
      await once(socket, 'data');
      for (const line of [
        'EHLO trace.test',
        'MAIL FROM:<other@example.com>',
        'RSET',
        'MAIL FROM:<traced@example.com>',
        'QUIT',
      ]) {
        socket.write(`${line}\r\n`);
        await once(socket, 'data');
      }
      socket.destroy();
    }
    trace.kill();
    await once(trace, 'exit');
    assert.match(shown, wholeSession);
  });
});

it('a stop signal that arrives twice at once, as from a terminal and from npm, stops the service in good order', async () => {
  const relay = await RelayProcess.start(['--listen', '127.0.0.1:0']);
  const exited = once(relay.child, 'exit');
  const closed = once(relay.child, 'close');
  process.kill(relay.pid, 'SIGTERM');
  await relay.printed(/is stopping/);
  process.kill(relay.pid, 'SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  await closed;
  assert.match(relay.output, /Mailroot has stopped/);
  await relay.dispose();
});

it('mailroot start runs the service in its own process, with the flags that keep it small', async () => {
  const mailroot = mkdtempSync(join(tmpdir(), 'mailroot-small-'));
  const script = join(import.meta.dirname, '../../bin/mailroot.mjs');
  const service = spawn(
    process.execPath,
    [script, 'start', '--mailroot', mailroot, '--listen', '127.0.0.1:0'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let printed = '';
  service.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const exited = once(service, 'exit');
  while (!printed.includes('is running.')) await once(service.stdout, 'data');
  const { stdout } = await runMailroot(['status', '--json', '--mailroot', mailroot]);
  assert.equal((JSON.parse(stdout) as { pid: number }).pid, service.pid);
  const words = readFileSync(`/proc/${service.pid}/cmdline`, 'utf8').split('\0');
  for (const flag of SERVICE_FLAGS) assert.ok(words.includes(flag), flag);
  const variables = readFileSync(`/proc/${service.pid}/environ`, 'utf8').split('\0');
  assert.ok(variables.includes('MALLOC_ARENA_MAX=1'));
  service.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  rmSync(mailroot, { recursive: true, force: true });
});

describe('a relay with a configuration file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-config-'));
  const file = join(folder, 'mailroot.yaml');
  let first: SinkServer;
  let second: SinkServer;
  let relay: RelayProcess;
  const write = (port: number, more = ''): void =>
    writeFileSync(
      file,
      `listen: ['127.0.0.1:0']\nfqdn: relay.test\nmailroot: .\naccess: { usersFile: users.txt, relayNetworks: [], plainTextAuthNetworks: [127.0.0.0/8] }\ndelivery: { smartHost: '[127.0.0.1]:${port}' }\n${more}`,
    );
  before(async () => {
    first = await SinkServer.start();
    second = await SinkServer.start();
    write(first.port);
    relay = await RelayProcess.start(['--config', file], folder);
  });
  after(async () => {
    await relay.dispose();
    await first.stop();
    await second.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (...args: readonly string[]) => runMailroot([...args, '--config', file]);

  it('reload puts a new smart host to use without dropping a session', async () => {
    const socket = connect(relay.smtpPort, '127.0.0.1');
    await once(socket, 'data');
    write(second.port);
    assert.equal((await run('reload')).code, 0);
    socket.write('NOOP\r\n');
    assert.match(String((await once(socket, 'data'))[0]), /^250/);
    socket.destroy();
    assert.equal(
      (await run('send', '--from', 'a@example.com', '--to', 'b@example.net', '--body', 'x')).code,
      0,
    );
    await second.reached(1);
    assert.equal(first.messages.length, 0);
  });

  it('reload of a bad file says every mistake with its line, and the running settings stay', async () => {
    write(first.port, 'limits: { messageSize: huge }\n');
    const { code, stderr } = await run('reload');
    assert.equal(code, 1);
    assert.match(stderr, /mailroot\.yaml:6: limits\.messageSize/);
    write(first.port, 'limits: { messageSize: huge }\n');
    const sent = await runMailroot([
      'send',
      '--mailroot',
      folder,
      '--from',
      'a@example.com',
      '--to',
      'c@example.net',
      '--body',
      'x',
    ]);
    assert.equal(sent.code, 0, sent.stderr);
    await second.reached(2);
    write(second.port);
  });

  it('user add lets a client log on and relay; without it relaying is refused; remove ends it', async () => {
    const dialogue = async (...auth: readonly string[]): Promise<string[]> => {
      const socket = connect(relay.smtpPort, '127.0.0.1').setEncoding('latin1');
      const replies: string[] = [];
      await once(socket, 'data');
      for (const line of [
        'EHLO user.test',
        ...auth,
        'MAIL FROM:<printer@example.com>',
        'RCPT TO:<far@example.org>',
      ]) {
        socket.write(`${line}\r\n`);
        replies.push(String((await once(socket, 'data'))[0]));
      }
      socket.destroy();
      return replies;
    };
    const plain = `AUTH PLAIN ${Buffer.from('\0printer\0se cret').toString('base64')}`;
    assert.match((await dialogue()).at(-1)!, /^550 5\.7\.1 Unable to relay/);
    assert.match((await dialogue(plain))[1]!, /^535/);
    const added = await runMailroot(['user', 'add', 'printer', '--config', file], { input: 'se cret\n' });
    assert.equal(added.code, 0, added.stderr);
    assert.ok(!readFileSync(join(folder, 'users.txt'), 'utf8').includes('se cret'));
    assert.equal((await run('user', 'list')).stdout, 'printer\n');
    assert.equal((await run('reload')).code, 0);
    const replies = await dialogue(plain);
    assert.match(replies[1]!, /^235/);
    assert.match(replies.at(-1)!, /^250/);
    assert.equal((await run('user', 'remove', 'printer')).code, 0);
    assert.equal((await run('reload')).code, 0);
    assert.match((await dialogue(plain))[1]!, /^535/);
  });

  it('a second service on the same mailroot is refused and the first goes on', async () => {
    const { code, stderr } = await runMailroot(['start', '--config', file]);
    assert.equal(code, 1);
    assert.match(stderr, /Another Mailroot/);
    assert.equal((await run('status')).code, 0);
  });

  it('stop ends the service; then commands say that none runs', async () => {
    const ended = once(relay.child, 'exit');
    assert.equal((await run('stop')).code, 0);
    const [code] = await ended;
    assert.equal(code, 0);
    assert.equal((await run('status')).code, 3);
  });
});
