/**
 * Kills the server of a site again and again while visitors send a contact form, and looks at Pickup each time.
 * Owns: what must hold: a mail for each answer, no mail twice, each mail whole.  Fails: throws when it does not hold.
 * A kill takes no power from the disk: that content is flushed before its name is what the tests of the group show.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PAGE = `<% Set m = Server.CreateObject("CDO.Message")
m.From = "web@example.test" : m.To = "staff@example.test" : m.Subject = "Form " & Request.Form("id")
m.TextBody = String(3000, "x") & vbCrLf & "end of " & Request.Form("id")
m.Send
Response.Write "Thank you, " & Request.Form("id") %>`;
const VISITORS = 12;
const MAIN = join(import.meta.dirname, '../../../bin/mailroot.mjs');

export async function killRounds(
  rounds: number,
): Promise<{ readonly answered: number; readonly mails: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-kill-'));
  const [site, pickup] = [join(folder, 'site'), join(folder, 'Pickup')];
  mkdirSync(site);
  mkdirSync(pickup);
  writeFileSync(join(site, 'form.asp'), PAGE);
  const answered = new Set<string>();
  try {
    for (let round = 0; round < rounds; round += 1) {
      // Another moment each time, counted in answers: so it lies in the middle of the work.
      await killAfter(40 + ((round * 37) % 200), { site, pickup, round, answered });
      check(pickup, answered);
    }
    return { answered: answered.size, mails: mailsIn(pickup).length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function killAfter(
  answers: number,
  { site, pickup, round, answered }: { site: string; pickup: string; round: number; answered: Set<string> },
): Promise<void> {
  const server = spawn(
    process.execPath,
    [MAIN, 'asp', site, '--listen', '127.0.0.1:0', '--pickup', pickup, '--quiet'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  server.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  while (!/http:\/\/127\.0\.0\.1:\d+\//.test(text)) await once(server.stdout, 'data');
  const port = Number(/http:\/\/127\.0\.0\.1:(\d+)\//.exec(text)![1]);
  const limit = answered.size + answers;
  let next = 0;
  const visitor = async () => {
    for (;;) {
      const id = `${round}-${(next += 1)}`;
      const body = await post(port, id).catch(() => undefined);
      if (body === undefined) return;
      assert.equal(body, `Thank you, ${id}`);
      answered.add(id);
      if (answered.size === limit) server.kill('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: VISITORS }, visitor));
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  assert.equal(server.signalCode, 'SIGKILL');
}

function post(port: number, id: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const form = `id=${id}`;
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': form.length,
    };
    const asked = request({ port, path: '/form.asp', method: 'POST', headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        body += piece;
      });
      response.on('end', () => resolve(body)).on('error', reject);
    });
    asked.on('error', reject).end(form);
  });
}

function mailsIn(pickup: string): string[] {
  return readdirSync(pickup).filter((name) => !name.startsWith('.'));
}

function check(pickup: string, answered: ReadonlySet<string>): void {
  const found = new Set<string>();
  for (const name of mailsIn(pickup)) {
    const mail = readFileSync(join(pickup, name), 'latin1');
    const id = /^Subject: Form (\S+)\r$/m.exec(mail)?.[1];
    assert.ok(id !== undefined && mail.trimEnd().endsWith(`end of ${id}`), `${name} is not whole`);
    assert.ok(!found.has(id), `form ${id} was sent twice`);
    found.add(id);
  }
  for (const id of answered) assert.ok(found.has(id), `form ${id} was answered and has no mail`);
}
