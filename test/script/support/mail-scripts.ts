/**
 * Runs the mail scripts under test/script/mail as a user would, and compares what they print and send with what is expected.
 * Owns: a job folder with the files the scripts use, placeholders for the test's server, reading expectations.
 * Leaves: where messages arrive (each test).
 */
import assert from 'node:assert/strict';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { runScriptCommand, ScriptPool } from '../../../src/script/index.ts';
import { type ForeignPart, foreignField, parsedByPython } from '../../support/python-mail.ts';

export const MAIL_SCRIPTS = join(import.meta.dirname, '../mail');

/** A text to be equal to, a pattern when written as /…/, or null: must not be there. */
type Expected = string | null;

export type ExpectedMessage = {
  /** Where a message goes that the script sends itself; `pickup` unless said. */
  readonly via?: 'pickup' | 'smtp';
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly headers?: Readonly<Record<string, Expected>>;
  readonly type?: string;
  readonly charset?: string;
  /** Patterns found in the decoded plain text and HTML. */
  readonly text?: string;
  readonly html?: string;
  /** File name → pattern found in the content. */
  readonly attachments?: Readonly<Record<string, string>>;
  readonly contentIds?: readonly string[];
};

export type Expectation = {
  readonly options?: readonly string[];
  readonly arguments?: readonly string[];
  readonly stdin?: string;
  readonly exitCode?: number;
  readonly stdout: string;
  /** Pattern; nothing may be printed when it is absent. */
  readonly stderr?: string;
  /** File in the job folder → pattern found in it. */
  readonly files?: Readonly<Record<string, string>>;
  readonly messages: readonly ExpectedMessage[];
  /** False: needs a server that refuses recipients at once, which a relay does not. */
  readonly relay?: boolean;
};

export type MailScript = { readonly name: string; readonly file: string; readonly expected: Expectation };

export function mailScripts(): MailScript[] {
  return readdirSync(MAIL_SCRIPTS)
    .filter((name) => /\.(?:vbs|wsf)$/.test(name))
    .sort()
    .map((file) => {
      const name = basename(file, extname(file));
      const expected = JSON.parse(
        readFileSync(join(MAIL_SCRIPTS, `${name}.expect.json`), 'utf8'),
      ) as Expectation;
      return { name, file, expected };
    });
}

export type ScriptRun = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** A folder with the scripts' files, mapped as C:\jobs; removed by `remove`. */
export class JobFolder {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'mailroot-jobs-')));
  readonly #pool = new ScriptPool({ size: 1, warm: 1 });

  constructor() {
    cpSync(join(MAIL_SCRIPTS, 'files'), this.folder, { recursive: true });
  }

  /** Runs a script with `mail.example.test` port 2525 standing for 127.0.0.1 and `smtpPort`. */
  async run(script: MailScript, pickup: string, smtpPort: number): Promise<ScriptRun> {
    const source = readFileSync(join(MAIL_SCRIPTS, script.file), 'latin1')
      .replaceAll('mail.example.test', '127.0.0.1')
      .replaceAll('2525', String(smtpPort));
    writeFileSync(join(this.folder, script.file), source, 'latin1');
    const { expected } = script;
    return this.command(
      [
        '--map',
        `C:\\jobs=${this.folder}`,
        '--pickup',
        pickup,
        ...(expected.options ?? []),
        script.file,
        ...(expected.arguments ?? []),
      ],
      expected.stdin ?? '',
    );
  }

  async command(args: readonly string[], stdin = ''): Promise<ScriptRun> {
    const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      streams[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
      });
    const exitCode = await runScriptCommand(
      args,
      {
        stdin: Readable.from([Buffer.from(stdin)]),
        ...streams,
        environment: {},
        folder: this.folder,
      },
      { findFolders: async () => undefined, pool: this.#pool },
    );
    return { exitCode, ...texts };
  }

  file(name: string): string {
    return readFileSync(join(this.folder, name), 'latin1');
  }

  makeFolder(name: string): string {
    const folder = join(this.folder, '..', `${basename(this.folder)}-${name}`);
    mkdirSync(folder);
    return realpathSync(folder);
  }

  async remove(): Promise<void> {
    await this.#pool.close();
    for (const folder of [this.folder, join(this.folder, '..', `${basename(this.folder)}-pickup`)])
      rmSync(folder, { recursive: true, force: true });
  }
}

export function checkRun(run: ScriptRun, expected: Expectation, folder: JobFolder): void {
  assert.equal(run.exitCode, expected.exitCode ?? 0, run.stderr);
  if (expected.stderr === undefined) assert.equal(run.stderr, '');
  else assert.match(run.stderr, new RegExp(expected.stderr));
  checkText('stdout', run.stdout, expected.stdout);
  for (const [name, pattern] of Object.entries(expected.files ?? {}))
    assert.match(folder.file(name), new RegExp(pattern));
}

/** One delivered message: its envelope and what Python saw in it. */
export type Delivered = {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly part: ForeignPart;
};

export function checkMessage(message: Delivered, expected: ExpectedMessage): void {
  const { part } = message;
  assert.equal(message.sender, expected.sender);
  assert.deepEqual([...message.recipients].sort(), [...expected.recipients].sort());
  assert.deepEqual(defectsOf(part), []);
  for (const [name, wanted] of Object.entries(expected.headers ?? {}))
    checkText(name, foreignField(part.headers, name), wanted);
  const leaves = leavesOf(part);
  const bodyOf = (type: string) =>
    leaves.find((leaf) => leaf.type === type && fileNameOf(leaf) === undefined);
  if (expected.type !== undefined) assert.equal(part.type, expected.type);
  if (expected.text !== undefined) assert.match(textOf(bodyOf('text/plain')), new RegExp(expected.text));
  if (expected.html !== undefined) assert.match(textOf(bodyOf('text/html')), new RegExp(expected.html));
  if (expected.charset !== undefined) assert.equal(bodyOf('text/plain')?.charset, expected.charset);
  const attachments = new Map(leaves.map((leaf) => [fileNameOf(leaf), leaf]));
  for (const [name, pattern] of Object.entries(expected.attachments ?? {})) {
    const found = attachments.get(name);
    assert.ok(found, `${name} is not attached; there is ${[...attachments.keys()].join(', ')}`);
    assert.match(found.content!.toString('latin1'), new RegExp(pattern));
  }
  const ids = leaves.map((leaf) => foreignField(leaf.headers, 'Content-ID'));
  for (const id of expected.contentIds ?? []) assert.ok(ids.includes(id), `no part has the Content-ID ${id}`);
}

function checkText(what: string, found: string | undefined, wanted: Expected): void {
  if (wanted === null) assert.equal(found, undefined, what);
  else if (wanted.length > 1 && wanted.startsWith('/') && wanted.endsWith('/'))
    assert.match(found ?? '', new RegExp(wanted.slice(1, -1)), what);
  else assert.equal(found, wanted, what);
}

function leavesOf(part: ForeignPart): ForeignPart[] {
  return part.parts === undefined ? [part] : part.parts.flatMap(leavesOf);
}

function defectsOf(part: ForeignPart): readonly string[] {
  return [...part.defects, ...(part.parts ?? []).flatMap(defectsOf)];
}

function fileNameOf(part: ForeignPart): string | undefined {
  const disposition = foreignField(part.headers, 'Content-Disposition') ?? '';
  return /filename\*?="?([^";]+)/i.exec(disposition)?.[1];
}

function textOf(part: ForeignPart | undefined): string {
  assert.ok(part?.content, 'there is no such body');
  return new TextDecoder(part.charset ?? 'utf-8').decode(part.content);
}

/** The envelope that a pickup file begins with, and the message behind it. */
export function pickupFile(bytes: Buffer): { sender: string; recipients: string[]; message: Buffer } {
  let text = bytes.toString('latin1');
  let sender = '';
  const recipients: string[] = [];
  for (;;) {
    const line = /^x-(sender|receiver): ([^\r\n]*)\r\n/i.exec(text);
    if (line === null) break;
    if (line[1]!.toLowerCase() === 'sender') sender = line[2]!;
    // A receiver may carry the parameters of its RCPT: `<ann@example.net> NOTIFY=SUCCESS`.
    else recipients.push(line[2]!.replace(/^<([^>]*)>.*$/, '$1'));
    text = text.slice(line[0].length);
  }
  return { sender, recipients, message: Buffer.from(text, 'latin1') };
}

/** Pairs messages with expectations by recipients and subject, whatever their order in the folder. */
export function checkMessages(
  found: readonly { sender: string; recipients: readonly string[]; message: Buffer }[],
  expected: readonly ExpectedMessage[],
): void {
  assert.equal(found.length, expected.length, 'number of messages');
  const parts = parsedByPython(found.map(({ message }) => message));
  const delivered: Delivered[] = found.map((each, index) => ({ ...each, part: parts[index]! }));
  for (const wanted of expected) {
    const failures: unknown[] = [];
    const match = delivered.findIndex((each) => {
      try {
        checkMessage(each, wanted);
        return true;
      } catch (failure) {
        failures.push(failure);
        return false;
      }
    });
    if (match < 0) throw failures[0] ?? new Error('no message is left for this expectation');
    delivered.splice(match, 1);
  }
}
