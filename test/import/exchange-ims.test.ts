/** Registry exports: `NN-name.reg` beside `.expect.yaml`, which holds the settings, then the notes, or why it is refused. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { runCommandLine } from '../../src/cli/main.ts';
import { loadConfig } from '../../src/config/index.ts';
import { importExchangeIms, type RegistryValue, readRegistryFile } from '../../src/import/index.ts';

const folder = join(import.meta.dirname, 'ims');
const target = '/etc/mailroot/mailroot.yaml';
const cases = readdirSync(folder).filter((name) => name.endsWith('.reg'));

function outcome(name: string): string {
  const result = importExchangeIms(readFileSync(join(folder, name)), {
    source: name,
    target,
    platform: 'posix',
  });
  if (!result.ok) return stringify({ refused: result.reason }, { lineWidth: 0 });
  const notes = result.value.notes.map(({ kind, id, place, text }) => `${kind} ${id}: ${text} (${place})`);
  return `${result.value.text}---\n${stringify({ notes }, { lineWidth: 0 })}`;
}

describe('import of the Exchange Internet Mail Service', () => {
  for (const name of cases) {
    it(`takes over ${name}`, () => {
      const expected = join(folder, name.replace(/\.reg$/, '.expect.yaml'));
      const found = outcome(name);
      if (process.env['MAILROOT_ACCEPT'] === '1') writeFileSync(expected, found);
      assert.ok(existsSync(expected), `${expected} is missing; run with MAILROOT_ACCEPT=1 and read it`);
      assert.equal(found, readFileSync(expected, 'utf8'));
      assert.equal(found.startsWith('refused:'), name >= '50');
    });
  }

  it('names the cause of Q306308 only when the list lacks the service', () => {
    assert.match(outcome('03-document-q306308.reg'), /logon-only-as.*1023, 4018 and 4116/);
    assert.doesNotMatch(outcome('04-logon-list-with-service.reg'), /logon-only-as/);
    assert.doesNotMatch(outcome('01-document-q306957.reg'), /logon-only-as/);
  });

  it('names the cause of Q306957 only when CDONTS wrote to the other folder', () => {
    assert.match(outcome('02-use-exchange-off.reg'), /use-exchange-off/);
    assert.doesNotMatch(outcome('01-document-q306957.reg'), /use-exchange-off/);
  });

  it('reads what it would write, for any text and any list', () => {
    const word = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/\0/g, ''));
    fc.assert(
      fc.property(
        word,
        fc.array(word.filter((text) => text !== '')),
        fc.nat(0xffffffff),
        (text, list, number) => {
          const bytes = [...Buffer.from([...list, ''].map((item) => `${item}\0`).join(''), 'utf16le')];
          const hex = bytes
            .map((byte) => byte.toString(16).padStart(2, '0'))
            .join(',')
            .replace(/(.{60})/g, '$1\\\r\n  ');
          const quoted = text.replace(/[\r]/g, '').replace(/[\\"]/g, '\\$&');
          const file = `Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\K]\r\n"t"="${quoted}"\r\n"l"=hex(7):${hex}\r\n"n"=dword:${number.toString(16)}\r\n`;
          const read = readRegistryFile(
            Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(file, 'utf16le')]),
          );
          assert.ok(read.ok, read.ok ? '' : read.reason);
          const values = read.value.values('K');
          assert.deepEqual(values.get('t'), { kind: 'text', text: text.replace(/\r/g, ''), line: 4 });
          assert.deepEqual((values.get('l') as RegistryValue & { items: string[] }).items, list);
          assert.equal((values.get('n') as RegistryValue & { number: number }).number, number);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('answers every damaged file, and what it answers loads', () => {
    const whole = readFileSync(join(folder, '07-relay-lists.reg'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(whole.length),
        (changes, length) => {
          const bytes = Buffer.from(whole.subarray(0, Math.max(length, 100)));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          const result = importExchangeIms(bytes, { source: 'x.reg', target, platform: 'posix' });
          if (result.ok) assert.ok(loadConfig(result.value.text, target).ok);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads a value of a million bytes and gives up on a text that never ends', () => {
    const hex = Array.from({ length: 40_000 }, () => '  41,00,41,00,41,00,41,00,41,00,41,00,41,00,\\').join(
      '\r\n',
    );
    const big = readRegistryFile(
      Buffer.from(`REGEDIT4\r\n[HKEY_LOCAL_MACHINE\\K]\r\n"x"=hex:\\\r\n${hex}\r\n  00\r\n`),
    );
    assert.ok(big.ok);
    assert.equal((big.value.value('K', 'x') as RegistryValue & { bytes: Buffer }).bytes.length, 560_001);
    const open = readRegistryFile(
      Buffer.from(`REGEDIT4\r\n[HKEY_LOCAL_MACHINE\\K]\r\n"x"="${'a\r\n'.repeat(1_000_000)}`),
    );
    assert.ok(!open.ok);
    assert.match(open.reason, /line 3: a text without its closing quote/);
  });

  it('takes settings and the mail of imcdata with one command', async () => {
    const work = mkdtempSync(join(tmpdir(), 'mailroot-ims-'));
    after(() => rmSync(work, { recursive: true }));
    mkdirSync(join(work, 'imcdata/Pickup'), { recursive: true });
    mkdirSync(join(work, 'imcdata/OUT'));
    writeFileSync(join(work, 'imcdata/Pickup/form.txt'), 'From: a@b.example\nTo: c@d.example\n\nx');
    writeFileSync(join(work, 'imcdata/OUT/JTMRMAQV'), 'From: a@b.example\nTo: c@d.example\n\ny');
    const run = async (
      ...args: readonly string[]
    ): Promise<{ code: number; stdout: string; stderr: string }> => {
      const stdout = new PassThrough();
      const stderr = new PassThrough();
      const stdin = Readable.from([]) as unknown as NodeJS.ReadableStream;
      const code = await runCommandLine(args, { stdin, stdout, stderr, environment: {}, folder: work });
      return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
    };
    const file = join(folder, '01-document-q306957.reg');
    const dry = await run('import', 'exchange-ims', file, '--imcdata', 'imcdata', '--dry-run');
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, /form\.txt.*Pickup/);
    assert.ok(!existsSync(join(work, 'mailroot')));
    const real = await run('import', 'exchange-ims', file, '--imcdata', 'imcdata');
    assert.equal(real.code, 0, real.stderr);
    assert.deepEqual(readdirSync(join(work, 'mailroot/Pickup')), ['form.txt']);
    assert.deepEqual(readdirSync(join(work, 'mailroot/Import/Drafts')), ['JTMRMAQV.eml']);
    assert.equal((await run('config', 'check')).code, 0);
  });
});
