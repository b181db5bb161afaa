/**
 * Files in Pickup as real programs write them, through the real relay to a receiving server, compared byte for byte.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createTransport } from 'nodemailer';
import { RelayProcess } from '../support/relay-process.ts';
import { SinkServer, type SunkMessage } from '../support/sink-server.ts';

describe('files that programs write into Pickup arrive at the next hop', () => {
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

  /** The message to this recipient, when it has arrived. */
  async function arrived(recipient: string): Promise<SunkMessage> {
    const wanted = (message: SunkMessage): boolean => message.recipients.includes(recipient);
    await sink.until((messages) => messages.some(wanted));
    return sink.messages.find(wanted)!;
  }

  /** What came, without the Received field that Pickup always adds. */
  function withoutReceived({ content }: SunkMessage): string {
    const text = content.toString('latin1');
    const received = /^Received: from mail pickup service by relay\.test with Mailroot;\r\n\t .*\r\n/.exec(
      text,
    );
    assert.ok(received, `no Received field at the top of:\n${text}`);
    return text.slice(received[0].length);
  }

  function renamedIn(name: string, content: string | Buffer): void {
    const outside = join(relay.mailroot, name);
    writeFileSync(outside, content);
    renameSync(outside, join(relay.pickup, name));
  }

  const dated = 'Date: Sat, 21 Nov 2026 22:00:00 +0000\r\nMessage-ID: <fixed@example.com>\r\n';

  it("Python's email package, with a UTF-8 subject and an attachment", async () => {
    const path = join(relay.mailroot, 'python.eml');
    const script = [
      'from email.message import EmailMessage',
      'from email.policy import SMTP',
      'import os, sys',
      'm = EmailMessage(policy=SMTP)',
      'm["From"] = "App <app@example.com>"; m["To"] = "python@example.net"; m["Bcc"] = "hidden@example.net"',
      'm["Subject"] = "Grüße aus Köln"; m["Date"] = "Sat, 21 Nov 2026 22:00:00 +0000"; m["Message-ID"] = "<fixed@example.com>"',
      'm.set_content("Zeile eins\\n.\\n..Punkte\\nEnde – ok\\n")',
      'm.add_attachment(bytes(range(256)), maintype="application", subtype="octet-stream", filename="alle.bin")',
      'open(sys.argv[1], "wb").write(bytes(m))',
    ].join('\n');
    const python = spawnSync('python3', ['-c', script, path], { encoding: 'utf8' });
    assert.equal(python.status, 0, python.stderr);
    const written = readFileSync(path).toString('latin1');
    renameSync(path, join(relay.pickup, 'python.eml'));
    const message = await arrived('python@example.net');
    assert.deepEqual(message.recipients, ['python@example.net', 'hidden@example.net']);
    assert.equal(message.sender, 'app@example.com');
    assert.equal(withoutReceived(message), written.replace(/^Bcc: .*\r\n/m, ''));
  });

  it("nodemailer's stream transport", async () => {
    const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
    const composed = await transport.sendMail({
      from: 'Node <node@example.com>',
      to: 'nodemailer@example.net',
      subject: 'Blåbær ✓',
      text: 'a\n.\nb\n',
      html: '<p>a</p>',
      date: new Date('2026-11-21T22:00:00Z'),
      messageId: '<fixed@example.com>',
    });
    const bytes = composed.message as Buffer;
    renamedIn('nodemailer.eml', bytes);
    const text = withoutReceived(await arrived('nodemailer@example.net'));
    const written = bytes.toString('latin1');
    assert.equal(text, written.endsWith('\r\n') ? written : `${written}\r\n`);
  });

  it('.NET: GUID name, written in place piece by piece, X-Sender and X-Receiver first', async () => {
    const name = '3f2504e0-4f89-11d3-9a0c-0305e82c3301.eml';
    const file = openSync(join(relay.pickup, name), 'wx');
    const header = `X-Sender: "Shop, The" <shop@example.com>\r\nX-Receiver: dotnet@example.net\r\nX-Receiver: =?utf-8?B?QsO2Yg==?=\r\n <dotnet2@example.net>\r\n`;
    const rest = `MIME-Version: 1.0\r\nFrom: "Shop, The" <shop@example.com>\r\nTo: dotnet@example.net\r\n${dated}Subject: Order\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
    writeSync(file, header);
    // The writer takes its time between pieces, as a busy program does; the relay must not take half a file.
    for (const piece of [rest, 'Your order=20is ', 'on its way.\r\n']) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      writeSync(file, piece);
    }
    closeSync(file);
    const message = await arrived('dotnet@example.net');
    assert.deepEqual(message.recipients, ['dotnet@example.net', 'dotnet2@example.net']);
    assert.equal(message.sender, 'shop@example.com');
    assert.equal(withoutReceived(message), `${rest}Your order=20is on its way.\r\n`);
  });

  it('PHP: a name without extension, bare LF, envelope from the header', async () => {
    renamedIn(
      'phpA1b2C3',
      `From: php@example.com\nTo: php@example.net,\n\tphp2@example.net\n${dated.replaceAll('\r\n', '\n')}Subject: php\n\nline\n.\nlast`,
    );
    const message = await arrived('php@example.net');
    assert.deepEqual(message.recipients, ['php@example.net', 'php2@example.net']);
    assert.equal(
      withoutReceived(message),
      `From: php@example.com\r\nTo: php@example.net,\r\n\tphp2@example.net\r\n${dated}Subject: php\r\n\r\nline\r\n.\r\nlast\r\n`,
    );
  });

  it('CDONTS: envelope lines first, no Date, no Message-ID', async () => {
    renamedIn(
      'cdonts.txt',
      'x-sender: page@example.com\r\nx-receiver: cdonts@example.net\r\nFrom: <page@example.com>\r\nTo: <cdonts@example.net>\r\nSubject: Form\r\n\r\nName: Bob\r\n',
    );
    const text = withoutReceived(await arrived('cdonts@example.net'));
    assert.match(text, /^Message-ID: <[^@<>]+@relay\.test>\r\n/m);
    assert.match(text, /^Date: \w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}\r\n/m);
    assert.ok(!/^x-(sender|receiver)/im.test(text));
    assert.match(text, /^Subject: Form\r\n/m);
    assert.ok(text.endsWith('\r\n\r\nName: Bob\r\n'));
  });

  it('a person with a text editor: lower-case fields, no blank line, no final line end', async () => {
    renamedIn(
      'Email.txt',
      `from: me@example.com\nto: hand@example.net\n${dated.replaceAll('\r\n', '\n')}SUBJECT: Test email\nThis is the test.`,
    );
    const text = withoutReceived(await arrived('hand@example.net'));
    assert.ok(text.endsWith('SUBJECT: Test email\r\n\r\nThis is the test.\r\n'), text);
  });

  it('raw Latin-1 in header and body arrives as the same bytes where the next hop has 8BITMIME', async () => {
    const content = Buffer.from(
      `From: a@example.com\r\nTo: latin@example.net\r\n${dated}Subject: caf\xe9\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xfcber\r\n`,
      'latin1',
    );
    renamedIn('latin1.eml', content);
    const message = await arrived('latin@example.net');
    assert.equal(withoutReceived(message), content.toString('latin1'));
    assert.match(message.parameters, /BODY=8BITMIME/);
  });
});
