/**
 * Measures a site: a hello page, and a contact form that sends one mail by Pickup, over keep-alive connections from a process of
 * its own; then what 10,000 sessions weigh, on a server of their own and on the one that had the load.
 * `node bench/asp.ts [SECONDS=5] [PROFILE_FOLDER]`; with a folder the server writes a CPU profile there. Exits with 1 when a
 * figure is below its limit.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadOrder, LoadResult } from './support/http-load-process.ts';
import { cpuMicroseconds, residentBytes } from './support/processes.ts';
import { figure, heading } from './support/report.ts';

const LIMITS = { helloPerSecond: 2000, mailsPerSecond: 1000, sessionBytes: 200 * 1024 ** 2 };
const SESSIONS = 10_000;
const seconds = Number(process.argv[2] ?? 5);
const profile = process.argv[3];

const folder = mkdtempSync(join(tmpdir(), 'mailroot-bench-asp-'));
const site = join(folder, 'site');
const pickup = join(folder, 'Pickup');
mkdirSync(site);
mkdirSync(pickup);
writeFileSync(
  join(site, 'hello.asp'),
  '<%@ Language=VBScript EnableSessionState=False %>\r\n<html><body><p>Hello <%= Server.HTMLEncode(Request.QueryString("name")) %>, it is <%= Now %>.</p></body></html>\r\n',
);
writeFileSync(
  join(site, 'contact.asp'),
  `<%@ Language=VBScript EnableSessionState=False %>
<%
If Request.ServerVariables("REQUEST_METHOD") = "POST" Then
  Dim m
  Set m = Server.CreateObject("CDO.Message")
  m.From = "website@example.test"
  m.To = "staff@example.test"
  m.ReplyTo = Request.Form("email")
  m.Subject = "Contact form: " & Request.Form("name")
  m.TextBody = Request.Form("comments") & vbCrLf
  m.Send
  Set m = Nothing
  Response.Write "<p>Thank you, " & Server.HTMLEncode(Request.Form("name")) & ".</p>"
End If
%>
`,
);
writeFileSync(
  join(site, 'session.asp'),
  '<% Session("name") = "Visitor" : Session("since") = Now : Session("cart") = Array(1, 2, 3) %>ok\r\n',
);

const bin = join(import.meta.dirname, '../bin/mailroot.mjs');
let { server, port } = await startServer(profile);
const loader = fork(join(import.meta.dirname, 'support/http-load-process.ts'), {
  execArgv: ['--disable-warning=ExperimentalWarning'],
});

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: bench.test\r\nUser-Agent: bench\r\n\r\n`;
const FORM = 'name=Ada+Lovelace&email=ada%40example.test&comments=How+much+is+the+pie%3F';
const POST = `POST /contact.asp HTTP/1.1\r\nHost: bench.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${FORM.length}\r\n\r\n${FORM}`;

let isGood = true;
try {
  heading(`${seconds} s each, keep-alive, load from a second process, page threads warm`);
  await run({ request: GET('/hello.asp?name=Ada'), connections: 20, seconds: 3 });
  for (const connections of [20, 100]) {
    const result = await run({ request: GET('/hello.asp?name=Ada'), connections, seconds });
    tell(`hello page, ${connections} clients`, result, LIMITS.helloPerSecond);
  }
  // Each thread compiles for itself; a site runs for months, and its first twenty seconds are not what is asked about.
  await run({ request: POST, connections: 20, seconds: 20 });
  for (const connections of [20, 100]) {
    const before = readdirSync(pickup).length;
    const result = await run({ request: POST, connections, seconds });
    tell(`contact form, one mail by Pickup, ${connections} clients`, result, LIMITS.mailsPerSecond);
    const mails = readdirSync(pickup).length - before;
    if (mails !== result.requests) throw new Error(`${result.requests} answers and ${mails} mails`);
  }
  await sessions('on the server that had the load');
  await stopServer();
  ({ server, port } = await startServer(undefined));
  const bytes = await sessions('on a server that has just started');
  isGood &&= bytes < LIMITS.sessionBytes;
} finally {
  loader.disconnect();
  await stopServer();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(isGood ? 0 : 1);

async function startServer(profileFolder: string | undefined) {
  const child = spawn(
    process.execPath,
    [
      ...(profileFolder === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profileFolder]),
      bin,
      'asp',
      site,
      '--listen',
      '127.0.0.1:0',
      '--pickup',
      pickup,
      '--quiet',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return { server: child, port: await portOf(child) };
}

async function stopServer(): Promise<void> {
  server.kill('SIGTERM');
  await once(server, 'close');
}

/** Resident memory with 10,000 sessions, bytes. */
async function sessions(where: string): Promise<number> {
  const before = residentBytes(server.pid!).now;
  const result = await run({ request: GET('/session.asp'), connections: 20, seconds: 120, count: SESSIONS });
  const { now } = residentBytes(server.pid!);
  heading(`${result.requests} sessions with three values each, ${where}`);
  figure('resident memory of the server before', before / 1024 ** 2, 'MiB');
  figure('resident memory of the server with them', now / 1024 ** 2, 'MiB');
  figure('of that, for the sessions', (now - before) / 1024 ** 2, 'MiB');
  isGood &&= result.errors === 0 && result.requests === SESSIONS;
  return now;
}

async function run(order: Omit<LoadOrder, 'port'>): Promise<LoadResult & { readonly cpuUs: number }> {
  const before = cpuMicroseconds(server.pid!);
  loader.send({ ...order, port });
  const [result] = (await once(loader, 'message')) as [LoadResult];
  return { ...result, cpuUs: cpuMicroseconds(server.pid!) - before };
}

function tell(label: string, result: LoadResult & { readonly cpuUs: number }, limit: number): void {
  const { requests, seconds: took, p50Ms, p99Ms, errors, cpuUs } = result;
  figure(label, requests / took, `a second (limit ${limit})`);
  figure('  half of them within', p50Ms, 'ms');
  figure('  99 of 100 within', p99Ms, 'ms');
  figure('  CPU time of the server for each', cpuUs / requests, 'µs');
  if (errors > 0) console.log(`  ${errors} errors`);
  isGood &&= errors === 0 && requests / took >= limit;
}

async function portOf(child: ChildProcess): Promise<number> {
  let text = '';
  child.stdout!.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  for (;;) {
    const match = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(text);
    if (match !== null) return Number(match[1]);
    await once(child.stdout!, 'data');
  }
}
