/**
 * The disk fills up, Badmail becomes read-only: clear words, nothing lost, and everything goes on without a restart.
 * A small file system of its own is mounted for this, so the test needs root, as in CI.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { RelayProcess } from '../support/relay-process.ts';
import { SinkServer } from '../support/sink-server.ts';

const isRoot = process.getuid?.() === 0;
const needsRoot = { skip: !isRoot && 'mounting a small file system needs root' };

describe('a mailroot whose disk fills up', needsRoot, () => {
  let mailroot: string;
  let sink: SinkServer;
  let relay: RelayProcess;
  before(async () => {
    mailroot = mkdtempSync(join(tmpdir(), 'mailroot-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', mailroot]);
    sink = await SinkServer.start();
    relay = await RelayProcess.start(
      ['--smart-host', `[127.0.0.1]:${sink.port}`, '--listen', '127.0.0.1:0'],
      mailroot,
    );
  });
  after(async () => {
    if (relay.child.exitCode === null) await relay.kill();
    execFileSync('umount', ['-l', mailroot]);
    rmSync(mailroot, { recursive: true });
    await sink.stop();
  });

  it('refuses by SMTP with 452, leaves files in Pickup, and delivers everything when there is room again', async () => {
    const ballast = join(mailroot, 'ballast');
    // Fills what is left, to the last page.
    assert.throws(() => execFileSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4k'], { stdio: 'ignore' }));

    assert.match(await sendBySmtp(relay.smtpPort, 'smtp-while-full@example.net'), /^452 4\.3\.1 /);
    // The file itself fits: programs write to Pickup on another disk, or the space was taken a moment later.
    const outside = mkdtempSync(join(tmpdir(), 'mailroot-outside-'));
    writeFileSync(join(outside, 'a.eml'), message('pickup-while-full@example.net'));
    execFileSync('truncate', ['-s', '-8192', ballast]);
    execFileSync('cp', [join(outside, 'a.eml'), join(mailroot, 'Pickup', 'a.eml')]);
    assert.throws(() =>
      execFileSync('dd', ['if=/dev/zero', `of=${join(mailroot, 'more')}`, 'bs=4k'], { stdio: 'ignore' }),
    );
    await relay.printed(/queue\.write-failed .*code=disk-full/);
    assert.equal(sink.messages.length, 0);

    rmSync(ballast);
    rmSync(join(mailroot, 'more'), { force: true });
    await sink.until((messages) =>
      messages.some(({ recipients }) => recipients.includes('pickup-while-full@example.net')),
    );
    await relay.printed(/queue\.write-recovered/);
    assert.match(await sendBySmtp(relay.smtpPort, 'after@example.net'), /^250 /);
    await sink.until((messages) =>
      messages.some(({ recipients }) => recipients.includes('after@example.net')),
    );
    const seen = sink.messages.flatMap(({ recipients }) => recipients);
    assert.deepEqual(seen.sort(), ['after@example.net', 'pickup-while-full@example.net']);
    rmSync(outside, { recursive: true });
  });
});

const BAD_TEXT = 'Subject: nobody sent this and nobody gets it\n\ntext\n';

describe('a Badmail folder that cannot be written', needsRoot, () => {
  let mailroot: string;
  let relay: RelayProcess;
  const badmail = (): string => join(mailroot, 'Badmail');
  before(async () => {
    mailroot = mkdtempSync(join(tmpdir(), 'mailroot-badmail-'));
    mkdirSync(badmail());
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', badmail()]);
    relay = await RelayProcess.start(['--listen', '127.0.0.1:0', '--smart-host', '[127.0.0.1]:1'], mailroot);
    execFileSync('mount', ['-o', 'remount,ro', badmail()]);
  });
  after(async () => {
    if (relay.child.exitCode === null) await relay.kill();
    execFileSync('umount', ['-l', badmail()]);
    rmSync(mailroot, { recursive: true });
  });

  it('keeps the bad file in Pickup, says why, and moves it when Badmail is writable again', async () => {
    const file = join(relay.pickup, 'bad.eml');
    writeFileSync(file, BAD_TEXT);
    await relay.printed(/Badmail.*(read-only|EROFS)/i);
    assert.deepEqual(readdirSync(badmail()), []);
    // It moves between Pickup and the folder of claims as it is tried again: a look in that moment sees none of it, or two.
    let sizes: number[] = [];
    for (let look = 0; look < 100 && sizes.length !== 1; look += 1)
      sizes = [file, ...claimed(relay.pickup)].flatMap(
        (path) => statSync(path, { throwIfNoEntry: false })?.size ?? [],
      );
    assert.deepEqual(sizes, [BAD_TEXT.length]);

    execFileSync('mount', ['-o', 'remount,rw', badmail()]);
    await relay.printed(/badmail\.written/);
    const names = readdirSync(badmail()).filter((name) => !name.startsWith('.'));
    assert.deepEqual(names.map((name) => name.slice(-4)).sort(), ['.BAD', '.BDP', '.BDR']);
    assert.ok(!existsSync(file));
    assert.deepEqual(claimed(relay.pickup), []);
  });
});

function claimed(pickup: string): string[] {
  const folder = join(pickup, '.mailroot-claimed');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function message(recipient: string): string {
  return `From: app@example.com\nTo: ${recipient}\nSubject: full\n\n${'text '.repeat(100)}\n`;
}

/** Sends one message and gives the reply to the end of data, or the first refusal. */
async function sendBySmtp(port: number, recipient: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  const reply = async (): Promise<string> => String((await once(socket, 'data'))[0]);
  await reply();
  for (const command of ['EHLO test.test', 'MAIL FROM:<app@example.com>', `RCPT TO:<${recipient}>`, 'DATA']) {
    socket.write(`${command}\r\n`);
    const answer = await reply();
    if (/^[45]/.test(answer)) {
      socket.destroy();
      return answer;
    }
  }
  socket.write(`${message(recipient).replaceAll('\n', '\r\n')}.\r\n`);
  const answer = await reply();
  socket.destroy();
  return answer;
}
