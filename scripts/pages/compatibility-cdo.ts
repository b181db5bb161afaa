/**
 * docs/compatibility-cdo.md: every member, field and error of the reference, what ours does, and the test that shows it.
 * Fails when a row is named by no test: a row is covered by a test file that has its name in a title or in a table of checks.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CDO_ERRORS,
  CONFIGURATION_FIELDS,
  ENUMERATIONS,
  HTTPMAIL_FIELDS,
  MAILHEADER_CONSTANTS,
  NNTP_ENVELOPE_FIELDS,
  SMTP_ENVELOPE_FIELDS,
  STRING_CONSTANTS,
} from '../../src/cdo/index.ts';
import { CDONTS_ERRORS } from '../../src/cdonts/index.ts';
import { BEHAVIOURS, DEVIATIONS, MEMBERS } from '../compatibility/cdo-rows.ts';

type Row = { readonly name: string; readonly state: string; readonly note: string };

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export function generate(): { path: string; text: string }[] {
  const tests = testFiles();
  const sections: [title: string, rows: Row[]][] = [
    ...Object.entries(MEMBERS).map(([title, names]): [string, Row[]] => [
      title,
      names.map((name) => rowOf(name)),
    ]),
    [
      'Configuration fields',
      CONFIGURATION_FIELDS.map((row) => rowOf(`configuration:${row.name}`, row.meaning)),
    ],
    ['Message fields, httpmail', HTTPMAIL_FIELDS.map((row) => rowOf(`httpmail:${row.name}`, row.type))],
    [
      'Message fields, mailheader',
      Object.keys(MAILHEADER_CONSTANTS).map((name) => rowOf(`mailheader:${name}`)),
    ],
    [
      'Message fields, other namespaces',
      ['DAV:contentclass', 'DAV:getcontenttype', 'exchange/sensitivity', 'office#Keywords'].map((name) =>
        rowOf(name),
      ),
    ],
    [
      'Envelope fields',
      SMTP_ENVELOPE_FIELDS.map((row) => rowOf(`smtpenvelope:${row.name}`, row.readOnly ? 'read-only' : '')),
    ],
    ['News envelope fields', NNTP_ENVELOPE_FIELDS.map((row) => rowOf(`nntpenvelope:${row.name}`))],
    ['Errors of CDO', Object.entries(CDO_ERRORS).map(([name, row]) => rowOf(name, errorNote(row)))],
    ['Errors of CDONTS', Object.entries(CDONTS_ERRORS).map(([name, row]) => rowOf(name, errorNote(row)))],
    ['Enumerations', Object.keys(ENUMERATIONS).map((name) => rowOf(name))],
    ['String constants', Object.keys(STRING_CONSTANTS).map((name) => rowOf(name))],
  ];
  const uncovered: string[] = [];
  const lines = [...HEAD];
  for (const [title, rows] of sections) {
    lines.push(`## ${title}`, '', '| Row | State | Remark | Test |', '| --- | --- | --- | --- |');
    for (const row of rows) {
      const file = tests.find((candidate) => mentions(candidate.text, row.name))?.path;
      if (file === undefined) uncovered.push(row.name);
      lines.push(`| \`${row.name}\` | ${row.state} | ${row.note} | ${file ?? ''} |`);
    }
    lines.push('');
  }
  lines.push('## Behaviour', '', '| What | Original | Ours | Test |', '| --- | --- | --- | --- |');
  for (const [what, original, ours, test] of BEHAVIOURS) {
    if (!tests.some((candidate) => candidate.path === test)) uncovered.push(`${what} (${test})`);
    lines.push(`| ${what} | ${original} | ${ours} | ${test} |`);
  }
  if (uncovered.length > 0)
    throw new Error(`docs/compatibility-cdo.md: no test names ${uncovered.join(', ')}`);
  return [{ path: 'docs/compatibility-cdo.md', text: `${lines.join('\n')}\n` }];
}

const HEAD = [
  '# Compatibility of the mail objects',
  '',
  'Every member, field, error and enumeration of CDOSYS and CDONTS, generated from the tables in the sources by',
  '`scripts/pages/compatibility-cdo.ts`. A row without a test fails `npm run check`.',
  '',
  '**done**: as documented or observed. **deviates**: differs on purpose; the remark says why. **not applicable**: the thing',
  'does not exist outside Windows or Exchange; numbers and names are kept for programs that compare them.',
  '',
];

function rowOf(name: string, remark = ''): Row {
  const deviation = DEVIATIONS[name];
  return deviation === undefined
    ? { name, state: 'done', note: remark }
    : { name, state: deviation[0], note: [remark, deviation[1]].filter(Boolean).join('; ') };
}

function errorNote(row: { readonly hresult: number; readonly text: string }): string {
  return `${(row.hresult >>> 0).toString(16).toUpperCase()} ${row.hresult}`;
}

function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = `${text[at - 1] ?? ' '}${text[at + name.length] ?? ' '}`;
    if (!/[\w-]/.test(around)) return true;
  }
  return false;
}

/** The tests of the mail objects, those that show a row best first. */
function testFiles(): { readonly path: string; readonly text: string }[] {
  return ['test/cdo', 'test/cdo/idioms', 'test/cdonts', 'src/cdo', 'src/cdonts', 'src/base'].flatMap(
    (folder) =>
      readdirSync(join(root, folder))
        .filter((name) => name.endsWith('.test.ts'))
        .sort()
        .map((name) => ({
          path: `${folder}/${name}`,
          text: withoutComments(readFileSync(join(root, folder, name), 'utf8')),
        })),
  );
}

function withoutComments(text: string): string {
  return text.replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, '');
}
