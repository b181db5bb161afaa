/** The scan against a planted set of 100 pages with one fault each, and 100 clean ones. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { runCommandLine } from '../../src/cli/main.ts';
import { scanTree } from '../../src/doctor/index.ts';

const pages = join(import.meta.dirname, 'pages');
const expected = JSON.parse(readFileSync(join(pages, 'expected.json'), 'utf8')) as Record<
  string,
  { readonly kind: string; readonly lines: readonly number[] }
>;
const listens = async (_: string, port: number): Promise<boolean> => port !== 1;

describe('doctor --scan', () => {
  it('finds at least 95 of 100 planted faults, each at its line', async (context) => {
    assert.equal(Object.keys(expected).length, 100);
    const { faults } = await scanTree(join(pages, 'planted'), { listens });
    const missed = Object.entries(expected).filter(
      ([file, { kind, lines }]) =>
        !faults.some((fault) => fault.file === file && fault.kind === kind && lines.includes(fault.line)),
    );
    context.diagnostic(`planted faults found: ${100 - missed.length} of 100`);
    for (const [file, { kind, lines }] of missed)
      context.diagnostic(`missed: ${file} ${kind} at ${lines.join(', ')}`);
    assert.ok(missed.length <= 5, JSON.stringify(missed));
  });

  it('says nothing else about the planted pages', async () => {
    const { faults } = await scanTree(join(pages, 'planted'), { listens });
    const extra = faults.filter(({ file, kind, line }) => {
      const wanted = expected[file];
      return wanted === undefined || wanted.kind !== kind || !wanted.lines.includes(line);
    });
    assert.deepEqual(extra, []);
  });

  it('raises no alarm on 100 clean pages, and lists where each sends mail', async (context) => {
    const count = readdirSync(join(pages, 'clean'), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    ).length;
    assert.ok(count >= 100, String(count));
    const { faults, places, skipped } = await scanTree(join(pages, 'clean'), { listens });
    context.diagnostic(
      `false alarms: ${faults.length} on ${count} clean pages; ${places.length} places that send mail`,
    );
    assert.deepEqual(faults, []);
    assert.deepEqual(skipped, []);
  });

  it('asks whether a local port answers, once for each, and believes it', async () => {
    const asked: string[] = [];
    const silent = async (host: string, port: number): Promise<boolean> => {
      asked.push(`${host}:${port}`);
      return false;
    };
    const { faults } = await scanTree(join(pages, 'planted'), { listens: silent });
    assert.deepEqual(new Set(asked).size, asked.length);
    assert.ok(faults.some(({ kind }) => kind === 'nobody-listens'));
  });

  it('describes each place: object, route, server, port, log-on, TLS', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailroot-scan-'));
    after(() => rmSync(folder, { recursive: true }));
    writeFileSync(
      join(folder, 'a.asp'),
      '<%\nSet m = Server.CreateObject("CDO.Message")\nn = "http://schemas.microsoft.com/cdo/configuration/"\nWith m.Configuration.Fields\n.Item(n & "sendusing") = 2\n.Item(n & "smtpserver") = "mx.example"\n.Item(n & "smtpserverport") = "465"\n.Item(n & "smtpusessl") = "True"\n.Item(n & "smtpauthenticate") = 1\n.Update\nEnd With\nm.Send\n%>',
    );
    const { places } = await scanTree(folder, { listens });
    assert.deepEqual(places, [
      {
        object: 'CDO.Message',
        route: 'port',
        server: 'mx.example',
        port: 465,
        authentication: 'basic',
        usesTls: true,
        file: 'a.asp',
        line: 12,
      },
    ]);
  });

  it('never reads outside of the folder, stops at include circles, and skips what is too large', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailroot-scan-'));
    after(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'site'));
    writeFileSync(join(folder, 'secret.inc'), '<% Set m = CreateObject("CDONTS.NewMail") : m.Send %>');
    writeFileSync(
      join(folder, 'site/a.asp'),
      '<!--#include file="../secret.inc"--><!--#include file="b.inc"-->',
    );
    writeFileSync(
      join(folder, 'site/b.inc'),
      '<!--#include file="a.asp"--><!--#include file="B.INC"--><% x = 1 %>',
    );
    writeFileSync(join(folder, 'site/big.asp'), Buffer.alloc(5 * 1024 * 1024, 'x'));
    writeFileSync(join(folder, 'site/odd.vbs'), Buffer.from([0xff, 0xfe, 0x41]));
    const { faults, places, skipped } = await scanTree(join(folder, 'site'), { listens });
    assert.deepEqual(faults, []);
    assert.deepEqual(places, []);
    assert.deepEqual(skipped.map(({ file }) => file).sort(), ['big.asp', 'odd.vbs']);
  });

  it('answers any page, however damaged, in time', () => {
    const whole = readdirSync(join(pages, 'planted'))
      .filter((name) => /\.(asp|js|vbs)$/.test(name))
      .map((name) => ({ name, text: readFileSync(join(pages, 'planted', name), 'latin1') }));
    const folder = mkdtempSync(join(tmpdir(), 'mailroot-scan-'));
    after(() => rmSync(folder, { recursive: true }));
    return fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...whole),
        fc.array(
          fc.tuple(
            fc.nat(2000),
            fc.constantFrom(
              '<%',
              '%>',
              '"',
              '\u201c',
              '(',
              ')',
              '\n',
              "'",
              '.',
              '_',
              'End If',
              'With ',
              '<script runat=server>',
              '{',
              '}',
            ),
          ),
          { maxLength: 5 },
        ),
        async ({ name, text }, changes) => {
          let damaged = text;
          for (const [at, piece] of changes) damaged = damaged.slice(0, at) + piece + damaged.slice(at);
          const file = join(folder, name);
          writeFileSync(file, damaged);
          const { files } = await scanTree(file, { listens });
          assert.equal(files, 1);
          rmSync(file);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('passes over a page of a megabyte of openings once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailroot-scan-'));
    after(() => rmSync(folder, { recursive: true }));
    for (const [name, piece] of [
      ['a', '<%'],
      ['b', '<script '],
      ['c', '<!--#include file="'],
      ['d', '<script runat=server>'],
    ] as const) {
      writeFileSync(join(folder, `${name}.asp`), piece.repeat(1_000_000 / piece.length));
    }
    assert.equal((await scanTree(folder, { listens })).files, 4);
  });
});

describe('mailroot doctor --scan', () => {
  const run = async (
    ...args: readonly string[]
  ): Promise<{ code: number; stdout: string; stderr: string }> => {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const stdin = Readable.from([]) as unknown as NodeJS.ReadableStream;
    const code = await runCommandLine(args, { stdin, stdout, stderr, environment: {}, folder: pages });
    return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
  };

  it('prints place, reason, cure and source of each fault, and exits with 1', async () => {
    const { code, stdout } = await run('doctor', '--scan', 'planted/001-https-schema.asp');
    assert.equal(code, 1);
    assert.match(stdout, /001-https-schema\.asp:\d+ {2}CDO\.Message, /);
    assert.match(
      stdout,
      /ERROR 001-https-schema\.asp:\d+: .*\n {2}seen: .*https.*\n {2}why: .*\n {2}cure: .*http:.*\n {2}source: /,
    );
  });

  it('exits with 0 when all is well, and gives JSON', async () => {
    const { code, stdout } = await run('doctor', '--scan', 'clean', '--json');
    assert.equal(code, 0);
    assert.deepEqual((JSON.parse(stdout) as { faults: unknown[] }).faults, []);
    assert.equal((await run('doctor', '--scan', 'nowhere')).code, 2);
  });

  it('knows whether a real local port answers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailroot-scan-'));
    after(() => rmSync(folder, { recursive: true }));
    const server = createServer((socket) => socket.end());
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    const page = `Set m = CreateObject("CDO.Message")\nWith m.Configuration.Fields\n.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2\n.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "127.0.0.1"\n.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = ${port}\n.Update\nEnd With\nm.Send\n`;
    writeFileSync(join(folder, 'a.vbs'), page);
    assert.equal((await run('doctor', '--scan', folder)).code, 0);
    await new Promise((closed) => server.close(closed));
    const { code, stdout } = await run('doctor', '--scan', folder);
    assert.equal(code, 1);
    assert.match(stdout, /nobody-listens/);
  });
});
