/**
 * Page tests as files: a page with a last comment that says what it is asked and what it answers.
 *
 *     <!--expect
 *     > GET /page.asp?x=1           the request; the default is a GET of the page itself
 *     > Cookie: a=b                 fields of the request
 *     > body: a=1&b=2               a form (or, with a Content-Type of its own, any body)
 *     < 200 OK                      status line
 *     < Content-Type: text/html     fields that must be there, with this value
 *     < Set-Cookie                  a field that must not be there
 *     = lines of the body, with … for any text; the rest of the lines must be alike
 *     mail: Subject: Hello          lines that the messages in Pickup must hold
 *     error: category | code | text | /file, line 3
 *     log: text                     what AppendToLog added
 *     -->
 *
 * Several requests follow one another in the session of one visitor; each begins with a line `> METHOD /path`.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { errorCode } from '../../../src/asp/page/error-page.ts';
import type { PageBench, Visitor } from './page-bench.ts';

export type Exchange = {
  readonly target: string;
  readonly method: string;
  readonly headers: (readonly [string, string])[];
  body: string | undefined;
  status: string | undefined;
  readonly fields: { readonly name: string; readonly value: string | undefined }[];
  readonly lines: string[];
  readonly mails: string[];
  error: string | undefined;
  log: string | undefined;
};

export type PageCase = {
  /** Below the folder of cases, with slashes: `request/form.asp`. */
  readonly name: string;
  /** The page without its last comment. */
  readonly bytes: Buffer;
  readonly exchanges: readonly Exchange[];
};

const EXPECT = '<!--expect';

/** Every file of a folder; files without an expectation are material for others. */
export function readCases(folder: string): PageCase[] {
  return filesBelow(folder).map((file) => {
    const name = relative(folder, file).split(sep).join('/');
    const bytes = readFileSync(file);
    const at = bytes.lastIndexOf(EXPECT);
    if (at < 0) return { name, bytes, exchanges: [] };
    const text = bytes.toString('utf8', at + EXPECT.length).replace(/-->\s*$/, '');
    return { name, bytes: bytes.subarray(0, at), exchanges: readExchanges(text, `/${name}`) };
  });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]));
}

function readExchanges(text: string, page: string): Exchange[] {
  const exchanges: Exchange[] = [];
  const begin = (method: string, target: string) => {
    exchanges.push({
      method,
      target,
      headers: [],
      body: undefined,
      status: undefined,
      fields: [],
      lines: [],
      mails: [],
      error: undefined,
      log: undefined,
    });
  };
  for (const line of text.split(/\r?\n/)) {
    const request = /^> ([A-Z]+) (\/\S*)$/.exec(line);
    if (request !== null) {
      begin(request[1]!, request[2]!);
      continue;
    }
    if (line === '') continue;
    if (exchanges.length === 0) begin('GET', page);
    readLine(line, exchanges.at(-1)!);
  }
  return exchanges;
}

function readLine(line: string, exchange: Exchange): void {
  const [, kind, rest = ''] = /^(>|<|=|mail:|error:|log:) ?(.*)$/.exec(line) ?? [];
  const field = /^([\w-]+)(?:: (.*))?$/.exec(rest);
  switch (kind) {
    case '>':
      assert.ok(field !== null, `not a field: ${line}`);
      if (field[1] === 'body') exchange.body = (field[2] ?? '').replaceAll('\\r\\n', '\r\n');
      else exchange.headers.push([field[1]!, field[2] ?? '']);
      return;
    case '<':
      if (/^\d{3}/.test(rest)) exchange.status = rest;
      else exchange.fields.push({ name: field![1]!, value: field![2] });
      return;
    case '=':
      exchange.lines.push(rest);
      return;
    case 'mail:':
      exchange.mails.push(rest);
      return;
    case 'error:':
      exchange.error = rest;
      return;
    case 'log:':
      exchange.log = rest;
      return;
    default:
      assert.fail(`what does '${line}' expect?`);
  }
}

/** Asks and compares. */
export async function playCase(bench: PageBench, given: PageCase): Promise<void> {
  const visitor = bench.visitor();
  for (const exchange of given.exchanges) await play(bench, visitor, exchange);
}

async function play(bench: PageBench, visitor: Visitor, exchange: Exchange): Promise<void> {
  bench.clearMails();
  const { target, method, headers, body } = exchange;
  const answer = await bench.ask(target, {
    method: body !== undefined && method === 'GET' ? 'POST' : method,
    headers,
    visitor,
    ...(body !== undefined && { body }),
  });
  const shown = `${target}\n${answer.body}`;
  const error = answer.error && {
    text: `${answer.error.category} | ${errorCode(answer.error)} | ${answer.error.description} | ${answer.error.file}, line ${answer.error.line}`,
  };
  if (exchange.error !== undefined)
    assert.ok(matches(error?.text ?? '', exchange.error), `${exchange.error}\n${error?.text}\n${shown}`);
  else assert.equal(error?.text, undefined, shown);
  if (exchange.status !== undefined)
    assert.equal(`${answer.head.status} ${answer.head.reason}`, exchange.status, shown);
  const wanted = new Map<string, string[]>();
  for (const { name, value } of exchange.fields)
    if (value === undefined) assert.equal(answer.header(name), undefined, name);
    else wanted.set(name, [...(wanted.get(name) ?? []), value]);
  for (const [name, values] of wanted) assert.equal(answer.header(name), values.join('\n'), name);
  if (exchange.lines.length > 0) compareLines(answer.body, exchange.lines);
  const mails = bench.mails().join('\n').replaceAll('\r\n', '\n').split('\n');
  for (const line of exchange.mails)
    assert.ok(
      mails.some((given) => matches(given, line)),
      `no line '${line}' in\n${mails.join('\n')}`,
    );
  if (exchange.log !== undefined) assert.equal(answer.logText, exchange.log);
}

function compareLines(body: string, expected: readonly string[]): void {
  const lines = body
    .split(/\r\n|\n|\r/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  const isAlike = lines.length === expected.length && lines.every((line, at) => matches(line, expected[at]!));
  if (!isAlike) assert.deepEqual(lines, expected);
}

function matches(line: string, pattern: string): boolean {
  if (!pattern.includes('…')) return line === pattern;
  const parts = pattern.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(line);
}
