import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { runSendmail } from './sendmail.ts';

describe('mailroot-sendmail', () => {
  let folder: string;
  let pickup: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailroot-sendmail-'));
    pickup = join(folder, 'Pickup');
    mkdirSync(pickup);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(
    args: readonly string[],
    input: string,
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const code = await runSendmail(['--mailroot', folder, ...args], {
      stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]) as unknown as NodeJS.ReadableStream,
      stdout,
      stderr,
      environment: {},
      folder,
    });
    return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
  }

  function onlyFile(): string {
    const names = readdirSync(pickup);
    assert.equal(names.length, 1, names.join());
    return readFileSync(join(pickup, names[0]!), 'utf8');
  }

  const message =
    'From: a@example.com\nTo: b@example.net, "C, D" <c@example.org>\nBcc: d@example.net\nSubject: x\n\nbody\n';

  it('writes sender and recipients of the command line as envelope lines before the message', async () => {
    assert.equal(
      (await run(['-i', '-f', 'bounce@example.com', 'b@example.net', 'c@example.org'], message)).code,
      0,
    );
    assert.equal(
      onlyFile(),
      `x-sender: <bounce@example.com>\nx-receiver: <b@example.net>\nx-receiver: <c@example.org>\n${message}`,
    );
  });

  it('with -t takes the recipients of To, Cc and Bcc and adds those of the command line', async () => {
    assert.equal((await run(['-t', '-oi', '-fnoreply@example.com', 'extra@example.net'], message)).code, 0);
    assert.deepEqual(
      onlyFile().match(/^x-receiver: .*$/gm),
      ['extra@example.net', 'b@example.net', 'c@example.org', 'd@example.net'].map(
        (to) => `x-receiver: <${to}>`,
      ),
    );
  });

  it('takes flags written together and ignores those of the old program that mean nothing here', async () => {
    assert.equal(
      (await run(['-ti', '-O', 'DeliveryMode=b', '-odb', '-B8BITMIME', '-G', '-oem'], message)).code,
      0,
    );
    assert.match(onlyFile(), /^x-receiver: <d@example\.net>$/m);
  });

  it('ends at a line with a single dot, unless -i is given', async () => {
    await run(['b@example.net'], 'From: a@example.com\n\none\n.\ntwo\n');
    assert.ok(onlyFile().endsWith('\n\none\n'));
    rmSync(join(pickup, readdirSync(pickup)[0]!));
    await run(['-i', 'b@example.net'], 'From: a@example.com\n\none\n.\ntwo\n');
    assert.ok(onlyFile().endsWith('\n\none\n.\ntwo\n'));
  });

  it('adds From with the full name when the message has none, and a blank line when it has no header', async () => {
    await run(['-f', 'app@example.com', '-F', 'The, App', 'b@example.net'], 'just text\n');
    assert.equal(
      onlyFile(),
      'x-sender: <app@example.com>\nx-receiver: <b@example.net>\nFrom: "The, App" <app@example.com>\n\njust text\n',
    );
  });

  it('names the calling user when no sender is given', async () => {
    await run(['b@example.net'], message);
    assert.ok(onlyFile().startsWith(`x-sender: <${userInfo().username}@`));
  });

  it('keeps the null sender, and DSN wishes as ESMTP parameters', async () => {
    await run(['-f', '<>', '-N', 'never', '-R', 'hdrs', '-V', 'id1', 'b@example.net'], message);
    assert.match(onlyFile(), /^x-sender: <> RET=hdrs ENVID=id1\nx-receiver: <b@example\.net> NOTIFY=never\n/);
  });

  it('never lets an argument become a line of its own', async () => {
    for (const args of [
      ['-f', 'a@example.com\nx-receiver: victim@example.net', 'b@example.net'],
      ['b@example.net\r\nBcc: victim@example.net'],
      ['-F', 'App\nBcc: victim@example.net', 'b@example.net'],
      ['-V', 'x\nx-receiver: <victim@example.net>', 'b@example.net'],
    ]) {
      const result = await run(args, message);
      assert.equal(result.code, 65);
      assert.match(result.stderr, /line break/);
    }
    assert.deepEqual(readdirSync(pickup), []);
  });

  it('refuses a message without recipients with the code for bad data, and wrong use with that for usage', async () => {
    const empty = await run(['-t'], 'From: a@example.com\n\nx\n');
    assert.equal(empty.code, 65);
    assert.match(empty.stderr, /no recipients/);
    assert.equal((await run([], message)).code, 64);
    assert.deepEqual(readdirSync(pickup), []);
  });

  it('asks the caller to try again when Pickup is missing', async () => {
    rmSync(pickup, { recursive: true });
    const result = await run(['b@example.net'], message);
    assert.equal(result.code, 75);
    assert.match(result.stderr, /writing the message to .*Pickup/);
  });

  it('works with the right to add files to Pickup and none to list it', async () => {
    chmodSync(pickup, 0o733);
    assert.equal((await run(['b@example.net'], message)).code, 0);
  });

  it('-bs speaks SMTP with the running service', async () => {
    const server = createServer((socket) => {
      socket.write('220 relay.test\r\n');
      socket.on('data', () => socket.end('221 2.0.0 bye\r\n'));
    });
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    const config = join(folder, 'mailroot.yaml');
    writeFileSync(config, `listen: ['127.0.0.1:${port}']\nmailroot: ${folder}\n`);
    const result = await run(['--config', config, '-bs'], 'QUIT\r\n');
    server.close();
    assert.equal(result.code, 0);
    assert.equal(result.stdout, '220 relay.test\r\n221 2.0.0 bye\r\n');
  });
});
