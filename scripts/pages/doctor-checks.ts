/** The list of the doctor's checks in docs/doctor.md, between its two marks. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHECK_LIST } from '../../src/doctor/index.ts';
import type { GeneratedPage } from '../generate.ts';

const BEGIN = '<!-- generated from src/doctor/check-list.ts -->';
const END = '<!-- end of the generated part -->';

export function generate(): GeneratedPage[] {
  const path = 'docs/doctor.md';
  const page = readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../..', path), 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${path} lacks the marks of its generated part`);
  const rows = CHECK_LIST.map(({ id, meaning, fix }) => `| \`${id}\` | ${meaning} | ${fix ?? ''} |`);
  const table = ['| Finding | What is wrong | What `--fix` does |', '| --- | --- | --- |', ...rows].join(
    '\n',
  );
  return [{ path, text: `${before}${BEGIN}\n\n${table}\n\n${END}${after}` }];
}
