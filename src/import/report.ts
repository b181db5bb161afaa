/** The report of an import: old and new side by side, then what must be known and done. */
import type { ImportNote, ReportRow } from './settings-draft.ts';

const HEADINGS = {
  warning: 'Read this first',
  todo: 'To do by hand',
  dropped: 'Left out, nothing to do',
} as const;

/** Text for people; `WIDTH` columns on the left at most. */
export function importReport(
  title: string,
  rows: readonly ReportRow[],
  notes: readonly ImportNote[],
): string {
  const out = [title, '='.repeat(title.length), ''];
  for (const kind of ['warning', 'todo'] as const) out.push(...noteLines(kind, notes));
  out.push('Old settings and new ones', '-------------------------', '');
  const oldWidth = Math.min(WIDTH, Math.max(3, ...rows.map((row) => oneLine(row.old).length)));
  const newWidth = Math.min(WIDTH, Math.max(3, ...rows.map((row) => oneLine(row.new).length)));
  out.push(`${'OLD'.padEnd(oldWidth)}  ${'NEW'.padEnd(newWidth)}  WHERE`);
  for (const row of rows) {
    out.push(
      `${oneLine(row.old).padEnd(oldWidth)}  ${oneLine(row.new).padEnd(newWidth)}  ${oneLine(row.place)}`.trimEnd(),
    );
  }
  out.push('', ...noteLines('dropped', notes));
  return `${out.join('\n').trimEnd()}\n`;
}

const WIDTH = 72;

function noteLines(kind: ImportNote['kind'], notes: readonly ImportNote[]): string[] {
  const own = notes.filter((note) => note.kind === kind);
  if (own.length === 0) return [];
  const title = HEADINGS[kind];
  return [
    title,
    '-'.repeat(title.length),
    '',
    ...own.map(
      ({ id, text, place }, index) =>
        `${index + 1}. [${id}] ${oneLine(text)}${place === '' ? '' : ` (${oneLine(place)})`}`,
    ),
    '',
  ];
}

function oneLine(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');
}
