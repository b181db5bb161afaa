import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { RelayProcess, runMailroot } from '../support/relay-process.ts';

const top = mkdtempSync(join(tmpdir(), 'mailroot-serving-'));
after(() => rmSync(top, { recursive: true, force: true }));

const MAIL_PAGE = `<%
Set m = Server.CreateObject("CDO.Message")
m.From = "shop@example.test"
m.To = Request.Form("to")
m.Subject = "Order"
m.TextBody = Request.Form("text")
m.Send
Response.Write "sent"
%>`;

function siteFolder(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(top, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  return folder;
}

async function untilFiles(folder: string): Promise<readonly string[]> {
  for (;;) {
    // What is being written has a name that begins with a dot.
    const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
    if (names.length > 0) return names;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('`mailroot start` serves the sites of its configuration, and their mail goes through the relay', async () => {
  const folder = siteFolder('shop', { 'order.asp': MAIL_PAGE });
  const config = join(top, 'mailroot.yaml');
  writeFileSync(
    config,
    `listen: [127.0.0.1:0]\ndomains: { default: example.test }\nsites:\n  shop:\n    folder: ${JSON.stringify(folder)}\n    listen: [127.0.0.1:0]\n`,
  );
  const relay = await RelayProcess.start(['--config', config]);
  try {
    await relay.printed(/Sites\n {2}shop +http:\/\/\S+/);
    const [, url] = /Sites\n {2}shop +(http:\/\/\S+)/.exec(relay.output)!;
    const answer = await fetch(`${url}order.asp`, {
      method: 'POST',
      body: new URLSearchParams({ to: 'staff@example.test', text: 'One pie.' }),
    });
    assert.equal(await answer.text(), 'sent');
    const drop = join(relay.mailroot, 'Drop');
    const [name] = await untilFiles(drop);
    const mail = readFileSync(join(drop, name!), 'latin1');
    assert.match(mail, /^From: .*shop@example\.test/im);
    assert.match(mail, /One pie\./);
    await relay.kill();
    assert.match(relay.output, /asp\.site-stopped/);
    const logs = readdirSync(join(relay.mailroot, 'Log', 'W3svc-shop'));
    assert.match(
      readFileSync(join(relay.mailroot, 'Log', 'W3svc-shop', logs[0]!), 'utf8'),
      / POST \/order\.asp - \d+ - 127\.0\.0\.1 \S+ - 200 0 0 \d+\r\n$/,
    );
  } finally {
    await relay.dispose();
  }
});

describe('`mailroot asp`', () => {
  async function serve(
    args: readonly string[],
  ): Promise<{ url: string; child: ChildProcess; output: () => string }> {
    const main = join(import.meta.dirname, '../../src/cli/main.ts');
    const child = spawn(process.execPath, [main, 'asp', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: top,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
    const gone = once(child, 'exit');
    for (;;) {
      const url = /^ {2}(https?:\/\/\S+)$/m.exec(text)?.[1];
      if (url !== undefined && /Stop with Ctrl-C/.test(text)) return { url, child, output: () => text };
      const ended = await Promise.race([once(child.stdout, 'data').then(() => false), gone.then(() => true)]);
      if (ended) throw new Error(text);
    }
  }

  test('serves one folder, puts mail into the Pickup it is given, and stops in good order', async () => {
    const folder = siteFolder('alone', { 'order.asp': MAIL_PAGE });
    const pickup = join(top, 'Pickup');
    mkdirSync(pickup);
    const { url, child, output } = await serve([folder, '--listen', '127.0.0.1:0', '--pickup', pickup]);
    const answer = await fetch(`${url}Order.ASP`, {
      method: 'POST',
      body: new URLSearchParams({ to: 'staff@example.test', text: 'Two pies.' }),
    });
    assert.equal(await answer.text(), 'sent');
    const [name] = await untilFiles(pickup);
    assert.match(readFileSync(join(pickup, name!), 'latin1'), /Two pies\./);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 0);
    assert.match(output(), /The site has stopped\./);
  });

  test('with useExchange CDONTS writes to the Pickup of the Internet Mail Service, CDO to that of SMTP', async () => {
    const folder = siteFolder('exchange', {
      'order.asp': `<%
        Set n = Server.CreateObject("CDONTS.NewMail")
        n.Send "shop@example.test", "staff@example.test", "By CDONTS", "One pie."
        Set m = Server.CreateObject("CDO.Message")
        m.From = "shop@example.test" : m.To = "staff@example.test" : m.Subject = "By CDO" : m.Send
        Response.Write "sent"
      %>`,
    });
    const pickups = ['smtp', 'imcdata'].map((name) => join(top, name, 'Pickup'));
    for (const pickup of pickups) mkdirSync(pickup, { recursive: true });
    const config = join(top, 'exchange.yaml');
    writeFileSync(
      config,
      `useExchange: true\nservers:\n  smtp: { listen: [127.0.0.1:0], mailroot: smtp }\n  ims: { listen: [127.0.0.1:0], layout: exchange-ims, mailroot: imcdata }\n`,
    );
    const { url, child } = await serve([folder, '--listen', '127.0.0.1:0', '--config', config]);
    assert.equal(await (await fetch(`${url}order.asp`)).text(), 'sent');
    const subjects = pickups.map((pickup) =>
      readdirSync(pickup)
        .filter((name) => !name.startsWith('.'))
        .map((name) => /^Subject: (.*?)\r?$/m.exec(readFileSync(join(pickup, name), 'latin1'))?.[1]),
    );
    assert.deepEqual(subjects, [['By CDO'], ['By CDONTS']]);
    child.kill('SIGTERM');
    await once(child, 'close');
  });

  test('maps folders and keeps the rest of the disk from pages', async () => {
    const folder = siteFolder('maps', {
      'write.asp': `<%
        Set fso = Server.CreateObject("Scripting.FileSystemObject")
        Set f = fso.CreateTextFile("D:\\data\\note.txt", True)
        f.Write "kept" : f.Close
        On Error Resume Next
        fso.CreateTextFile Server.MapPath("own.txt")
        Response.Write "own " & Err.Number
      %>`,
    });
    const data = join(top, 'data');
    mkdirSync(data);
    const { url, child } = await serve([folder, '--listen', '127.0.0.1:0', '--map', `D:\\data=${data}`]);
    const answer = await fetch(`${url}write.asp`);
    assert.equal(await answer.text(), 'own 70');
    assert.equal(readFileSync(join(data, 'note.txt'), 'latin1'), 'kept');
    child.kill('SIGTERM');
    await once(child, 'close');
  });

  test('tells which address is taken', async () => {
    const folder = siteFolder('empty', {});
    const first = await serve([folder, '--listen', '127.0.0.1:0']);
    const { port } = new URL(first.url);
    const { code, stderr } = await runMailroot(['asp', folder, '--listen', `127.0.0.1:${port}`], {
      cwd: top,
    });
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`listening on 127\\.0\\.0\\.1:${port}`));
    first.child.kill('SIGTERM');
    await once(first.child, 'close');
  });
});
