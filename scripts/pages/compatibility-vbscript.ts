/** docs/compatibility-vbscript.md, from the rows and the programs that name them. Fails when a row has no program. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countExpectations, readPrograms } from '../../test/support/script-programs.ts';
import { SECTIONS, UNREACHABLE } from '../../test/vbscript/support/rows.ts';
import type { GeneratedPage } from '../generate.ts';

const folder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'test/vbscript');

export function generate(): GeneratedPage[] {
  const { programs, assertions } = namedPrograms();
  const known = new Set(SECTIONS.flatMap(({ rows }) => rows.map(({ id }) => id)));
  const untested = [...known].filter((id) => !programs.has(id));
  const unknown = [...programs.keys()].filter((id) => !known.has(id));
  if (untested.length > 0) throw new Error(`No test program in test/vbscript names: ${untested.join(', ')}`);
  if (unknown.length > 0) throw new Error(`Test programs name rows that do not exist: ${unknown.join(', ')}`);
  const lines = [
    '# VBScript: what Windows does, what Mailroot does',
    '',
    `Generated from \`test/vbscript/support/rows.ts\` and the programs in \`test/vbscript/\`, which hold ${assertions} expectations.`,
    'Source: *suite* is asserted by a public conformance suite that also runs on Windows; *documented* follows the',
    "product's reference; *hypothesis, decided so* could not be verified on Windows and may change with an observation.",
    '',
  ];
  for (const { title, rows } of SECTIONS) {
    lines.push(
      `## ${title}`,
      '',
      '| Row | Windows | Mailroot | Source | Tests |',
      '| --- | --- | --- | --- | --- |',
    );
    for (const { id, behaviour, ours, source } of rows) {
      const files = [...programs.get(id)!].sort().join(', ');
      lines.push(`| ${id} | ${cell(behaviour)} | ${cell(ours)} | ${source} | ${files} |`);
    }
    lines.push('');
  }
  lines.push('## Compile errors that no source provokes', '');
  for (const [number, reason] of UNREACHABLE) lines.push(`- ${number}: ${reason}`);
  return [{ path: 'docs/compatibility-vbscript.md', text: `${lines.join('\n')}\n` }];
}

function namedPrograms(): { programs: Map<string, Set<string>>; assertions: number } {
  const programs = new Map<string, Set<string>>();
  let assertions = 0;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.vbs'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    assertions += countExpectations(text, "'");
    for (const { title } of readPrograms(text, "'")) {
      for (const match of title.matchAll(/\[([\w.-]+)\]/g)) {
        const id = match[1]!;
        if (!programs.has(id)) programs.set(id, new Set());
        programs.get(id)!.add(file);
      }
    }
  }
  return { programs, assertions };
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
