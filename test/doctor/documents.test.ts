/**
 * The documents that Mailroot began with, each from its symptom to the mail that arrives: the doctor names the cause, the
 * cure that it printed is applied, the mail moves.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { runCommandLine } from '../../src/cli/main.ts';
import { startNsd } from '../support/nsd.ts';
import { freePort } from '../support/ports.ts';
import { RelayProcess, runMailroot } from '../support/relay-process.ts';
import { SinkServer } from '../support/sink-server.ts';

type Diagnosis = {
  readonly findings: readonly {
    readonly id: string;
    readonly seen: string;
    readonly cure: string;
    readonly severity: string;
  }[];
};

const isRoot = process.getuid?.() === 0;
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function fresh(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-document-'));
  // Other users pass through.
  chmodSync(folder, 0o711);
  folders.push(folder);
  return folder;
}

/** A command in this process: a tenth of the time that a process of its own takes. */
async function mailroot(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const stdin = Readable.from([]) as unknown as NodeJS.ReadableStream;
  const code = await runCommandLine(args, { stdin, stdout, stderr, environment: {}, folder: tmpdir() });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

async function doctor(...args: readonly string[]): Promise<Diagnosis> {
  const { stdout, stderr } = await mailroot(['doctor', '--json', ...args]);
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as Diagnosis;
}

function named({ findings }: Diagnosis, id: string): Diagnosis['findings'][number] {
  const found = findings.find((finding) => finding.id === id);
  assert.ok(found !== undefined, `${id} is not among ${findings.map((finding) => finding.id).join(', ')}`);
  return found;
}

/** The first `mailroot …` command in a cure, as arguments. */
function commandIn(cure: string): string[] {
  const match = /mailroot ((?:import mail|setup-permissions|start)[^;,.]*(?:\.[^;,.\s]+)*)/.exec(cure);
  assert.ok(match !== null, cure);
  return match[1]!.trim().split(/\s+/);
}

const message = (to: string): string =>
  `From: shop@example.test\r\nTo: ${to}\r\nSubject: Order\r\n\r\nThank you.\r\n`;

function aged(path: string): void {
  utimesSync(path, Date.now() / 1000 - 3600, Date.now() / 1000 - 3600);
}

describe('the documents', () => {
  it('Q306957: mail stays in the Pickup folder of Exchange, because the service serves another one', async () => {
    const sink = await SinkServer.start();
    const relay = await RelayProcess.start(
      ['--listen', '127.0.0.1:0', '--smart-host', `127.0.0.1:${sink.port}`],
      join(fresh(), 'mailroot'),
    );
    try {
      const imcdata = join(fresh(), 'imcdata');
      mkdirSync(join(imcdata, 'Pickup'), { recursive: true });
      writeFileSync(join(imcdata, 'Pickup/form.txt'), message('ann@example.test'));
      aged(join(imcdata, 'Pickup/form.txt'));
      const cause = named(
        await doctor('--offline', '--mailroot', relay.mailroot, '--other-folder', imcdata),
        'pickup.other-folder',
      );
      assert.match(cause.seen, /1 files lie in .*imcdata\/Pickup/);
      const { code, stderr } = await mailroot([...commandIn(cause.cure), '--mailroot', relay.mailroot]);
      assert.equal(code, 0, stderr);
      await sink.reached(1);
      assert.deepEqual(sink.messages[0]!.recipients, ['ann@example.test']);
    } finally {
      await relay.dispose();
      await sink.stop();
    }
  });

  it('Q260985: a web account that may not add files; the minimum rights let it send and see nothing', async () => {
    if (!isRoot) {
      const { findings } = await doctor(
        '--offline',
        '--check',
        'rights',
        '--mailroot',
        join(fresh(), 'mailroot'),
      );
      assert.ok(findings.every(({ id }) => id.startsWith('rights.')));
      return;
    }
    const sink = await SinkServer.start();
    const relay = await RelayProcess.start(
      ['--listen', '127.0.0.1:0', '--smart-host', `127.0.0.1:${sink.port}`],
      join(fresh(), 'mailroot'),
    );
    const asWebAccount = (script: string): number =>
      spawnSync('runuser', ['-u', 'nobody', '--', 'sh', '-c', script]).status ?? -1;
    const send = `printf '${message('bob@example.test').replaceAll('\r\n', '\\r\\n')}' > ${relay.pickup}/order.eml`;
    try {
      chmodSync(relay.pickup, 0o700);
      assert.notEqual(asWebAccount(send), 0, 'the symptom: permission denied');
      const cause = named(
        await doctor('--offline', '--check', 'rights', '--submitter', 'nobody', '--mailroot', relay.mailroot),
        'rights.cannot-add',
      );
      const { code, stderr } = await mailroot(commandIn(cause.cure));
      assert.equal(code, 0, stderr);
      assert.equal(asWebAccount(send), 0);
      await sink.reached(1);
      assert.notEqual(asWebAccount(`ls ${relay.pickup}`), 0, 'and it sees nothing');
      const after = await doctor(
        '--offline',
        '--check',
        'rights',
        '--submitter',
        'nobody',
        '--mailroot',
        relay.mailroot,
      );
      assert.deepEqual(after.findings, []);
    } finally {
      await relay.dispose();
      await sink.stop();
    }
  });

  it('the migration checklist, scenario 1: the service was not started', async () => {
    const sink = await SinkServer.start();
    const root = fresh();
    const folder = join(root, 'mailroot');
    mkdirSync(join(folder, 'Pickup'), { recursive: true });
    const page = join(root, 'mail.vbs');
    const script = [
      'Set myMail=CreateObject("CDO.Message")',
      'myMail.Subject="CDOSYS Email"',
      'myMail.From="robot@contoso.example"',
      'myMail.To="user@contoso.example"',
      'myMail.TextBody="This message is using CDOSYS."',
      'myMail.Send',
      'set myMail=nothing',
    ];
    writeFileSync(page, script.join('\r\n'));
    const run = await runMailroot(['script', '--mailroot', folder, page]);
    assert.equal(run.code, 0, run.stderr);
    const [name] = readdirSync(join(folder, 'Pickup'));
    aged(join(folder, 'Pickup', name!));
    const cause = named(await doctor('--offline', '--mailroot', folder), 'pickup.not-running');
    assert.deepEqual(commandIn(cause.cure)[0], 'start');
    const relay = await RelayProcess.start(
      ['--listen', '127.0.0.1:0', '--smart-host', `127.0.0.1:${sink.port}`],
      folder,
    );
    try {
      await sink.reached(1);
      assert.match(String(sink.messages[0]!.content), /This message is using CDOSYS/);
      const after = await doctor('--offline', '--check', 'pickup', '--mailroot', folder);
      assert.deepEqual(after.findings, []);
    } finally {
      await relay.dispose();
      await sink.stop();
    }
  });

  it('the migration checklist, scenario 2: the page as the document prints it, mended as the doctor says', async () => {
    const sink = await SinkServer.start();
    const root = fresh();
    const page = join(root, 'mail.vbs');
    const port =
      '.Configuration.Fields.Item("https://schemas.microsoft.com/cdo/configuration/smtpserverport") = ';
    // One line, curly quotes, https, no Update: nothing here is changed but server and port.
    const printed = `Set myMail=CreateObject("CDO.Message") myMail.Subject="CDOSYS Email" myMail.From="robot@contoso.example" myMail.To="user@contoso.example" myMail.Configuration.Fields.Item("https://schemas.microsoft.com/cdo/configuration/sendusing") = 2myMail.Configuration.Fields.Item("https://schemas.microsoft.com/cdo/configuration/smtpserver") = “127.0.0.1” myMail${port}${sink.port} myMail.TextBody="This message is using CDOSYS." myMail.Send set myMail=nothing`;
    writeFileSync(page, printed);
    try {
      const scan = async (): Promise<{ faults: { kind: string; cure: string }[] }> =>
        JSON.parse((await mailroot(['doctor', '--scan', page, '--json'])).stdout) as {
          faults: { kind: string; cure: string }[];
        };
      const kinds = new Set((await scan()).faults.map(({ kind }) => kind));
      for (const kind of ['https-schema', 'typographic-quotes', 'run-together'])
        assert.ok(kinds.has(kind), kind);
      const withLines = printed.replaceAll(/(?<=["\d”)])( ?)(?=myMail\.|set )|(?<=Send) /g, '\r\n');
      const mended = withLines.replaceAll(/[“”]/g, '"').replaceAll('https://schemas', 'http://schemas');
      writeFileSync(page, mended);
      assert.deepEqual(
        [...new Set((await scan()).faults.map(({ kind }) => kind))],
        ['update-missing'],
        mended,
      );
      writeFileSync(
        page,
        mended.replace('myMail.TextBody', 'myMail.Configuration.Fields.Update\r\nmyMail.TextBody'),
      );
      assert.deepEqual((await scan()).faults, []);
      const { code, stderr } = await runMailroot(['script', '--mailroot', join(root, 'mailroot'), page]);
      assert.equal(code, 0, stderr);
      await sink.reached(1);
      assert.ok(!existsSync(join(root, 'mailroot/Pickup')), 'the local service is not needed');
    } finally {
      await sink.stop();
    }
  });

  it('Q198022: a text file in Pickup reaches the Internet by DNS, once the DNS server that is named answers', async () => {
    const sink = await SinkServer.start();
    const dns = await startNsd({
      'far.test': [
        ['far.test', 'MX', '10 mx.far.test.'],
        ['mx.far.test', 'A', '127.0.0.1'],
      ],
    });
    const root = fresh();
    const folder = join(root, 'mailroot');
    const file = join(root, 'mailroot.yaml');
    const silent = await freePort();
    const settings = (server: string): string =>
      `mailroot: ${folder}\nlisten: []\nfqdn: relay.example.test\ndelivery:\n  dnsServers: ["${server}"]\n  port: ${sink.port}\n  retryIntervals: [1s]\n`;
    writeFileSync(file, settings(`127.0.0.1:${silent}`));
    let relay = await RelayProcess.start(['--config', file], folder);
    try {
      const symptom = await doctor('--check', 'outbound', '--config', file, '--domain', 'far.test');
      assert.match(named(symptom, 'outbound.dns-silent').cure, /delivery\.dnsServers/);
      writeFileSync(join(relay.pickup, 'Message.txt'), message('someone@far.test'));
      writeFileSync(file, settings(dns.server));
      await relay.kill();
      relay = await RelayProcess.start(['--config', file], folder);
      await mailroot(['queue', 'retry', '--all', '--config', file]);
      await sink.reached(1);
      assert.deepEqual(sink.messages[0]!.recipients, ['someone@far.test']);
      const after = await doctor('--check', 'outbound', '--config', file, '--domain', 'far.test');
      assert.ok(!after.findings.some(({ severity }) => severity === 'error'), JSON.stringify(after.findings));
      assert.match(readFileSync(file, 'utf8'), /dnsServers/);
    } finally {
      await relay.dispose();
      await dns.stop();
      await sink.stop();
    }
  });

  it('Q306308: the service does not start when log-ons are limited, says why in three events, and starts when it is named', async () => {
    const sink = await SinkServer.start();
    const root = fresh();
    const folder = join(root, 'mailroot');
    const file = join(root, 'mailroot.yaml');
    const own = 'Internet Mail Connector (NTSTEFANWI1)';
    const settings = (names: readonly string[]): string =>
      `mailroot: ${folder}\nlisten: ["127.0.0.1:0"]\nlogonName: ${own}\nlogonOnlyAs: ${JSON.stringify(names)}\ndelivery:\n  smartHost: "[127.0.0.1]:${sink.port}"\n`;
    const admin = '/o=MicrosoftCE/ou=northitaly/cn=Recipients/cn=admin';
    writeFileSync(file, settings([admin]));
    // One message was being handled when the service went down, another one only waits.
    mkdirSync(join(folder, 'Pickup/.mailroot-claimed'), { recursive: true });
    const handled = message('handled@example.test');
    writeFileSync(join(folder, 'Pickup/.mailroot-claimed/m1.1.order.eml'), handled);
    writeFileSync(join(folder, 'Pickup/waiting.eml'), message('waiting@example.test'));
    try {
      const refused = await runMailroot(['start', '--config', file]);
      assert.equal(refused.code, 1);
      assert.match(
        refused.stderr,
        /does not start \(events 1023, 4018, 4116\): 'Internet Mail Connector \(NTSTEFANWI1\)' may not log on/,
      );
      const listed = await mailroot(['events', '--config', file, '--numbered', '--json']);
      const { events } = JSON.parse(listed.stdout) as {
        events: { windows: { id: number; source: string }; fields: { cure: string } }[];
      };
      assert.deepEqual(
        events.map(({ windows }) => `${windows.source} ${windows.id}`),
        ['MSExchangeIS Private 1023', 'MSExchangeIMC 4018', 'MSExchangeIMC 4116'],
      );
      assert.equal(readFileSync(join(folder, 'Badmail/m1.BAD'), 'utf8'), handled, 'moved, and whole');
      assert.deepEqual(readdirSync(join(folder, 'Pickup/.mailroot-claimed')), []);
      assert.ok(existsSync(join(folder, 'Pickup/waiting.eml')), 'what only waits stays');
      const named = /Add '([^']+)' to logonOnlyAs/.exec(events[0]!.fields.cure)![1]!;
      writeFileSync(
        file,
        settings([admin, `/o=MicrosoftCE/ou=northitaly/cn=Configuration/cn=Connections/cn=${named}`]),
      );
      const relay = await RelayProcess.start(['--config', file], folder);
      try {
        await sink.reached(1);
        assert.deepEqual(sink.messages[0]!.recipients, ['waiting@example.test']);
        const replayed = await mailroot(['badmail', 'replay', 'm1', '--config', file]);
        assert.equal(replayed.code, 0, replayed.stderr);
        await sink.reached(2);
        assert.deepEqual(sink.messages[1]!.recipients, ['handled@example.test']);
      } finally {
        await relay.dispose();
      }
    } finally {
      await sink.stop();
    }
  });
});
