/**
 * Tells what settings there are: the reference page, the JSON Schema, and the effective settings with secrets masked.
 * Owns: the words around the table.  Leaves: the table itself (schema.ts).
 */
import { stringify } from 'yaml';
import { z } from 'zod';
import type { HostPort, SocketAddress } from './fields.ts';
import type { Config } from './load.ts';
import { formatDuration, formatSize } from './quantity.ts';
import { processShape, serverSchema, serverShape } from './schema.ts';
import { defaultOf, isSettingRow, kindOf, type SettingRow, walkSettings } from './walk.ts';

/** Settings whose value is never shown. */
const SECRET = /^password$/;

/** The reference page: one table row for each setting. */
export function referencePage(): string {
  const lines = [
    '# Settings',
    '',
    'All settings of `mailroot.yaml`. A setting at the top level holds for every virtual server; under `servers:` it holds',
    'for one. Durations are written `30s`, `15m`, `12h`, `2d`; sizes `64 KB`, `25 MiB`. `mailroot config check` finds every',
    'mistake at once, with line numbers. This page is generated from the settings table.',
    '',
    ...sectionLines(serverShape, '## Settings of a virtual server'),
    ...sectionLines(processShape, '## Settings of the process'),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function sectionLines(shape: Readonly<Record<string, z.ZodType>>, title: string): string[] {
  const lines = [title, ''];
  let inTable = false;
  let depth = 0;
  for (const row of walkSettings(shape)) {
    if (!isSettingRow(row)) {
      lines.push('', `### ${row.path.join('.')}`, '', row.doc);
      inTable = false;
      depth = row.path.length;
      continue;
    }
    if (row.path.length <= depth && !row.path.includes('*')) {
      depth = 0;
      inTable = false;
    }
    if (!inTable) {
      lines.push(
        '',
        '| Setting | Default | `profile: iis` | Takes effect | Meaning |',
        '| --- | --- | --- | --- | --- |',
      );
      inTable = true;
    }
    lines.push(tableRow(row));
  }
  lines.push('');
  return lines;
}

function tableRow({ path, meta, schema }: SettingRow): string {
  const value = defaultOf(schema);
  const shown = value === undefined ? '' : `\`${inline(value)}\``;
  const legacy = meta.legacy === undefined ? '' : ` Windows: ${meta.legacy}.`;
  const source = meta.source === undefined ? '' : ` Source: ${meta.source}.`;
  const cells = [
    `\`${path.join('.')}\``,
    shown,
    meta.iis === undefined ? '' : `\`${meta.iis}\``,
    meta.applies ?? 'at once',
  ];
  return `| ${cells.join(' | ')} | ${`${meta.doc}${legacy}${source}`.replaceAll('|', '\\|')} |`;
}

/** JSON Schema (draft 2020-12) for editors. */
export function jsonSchema(): unknown {
  const server = serverShape;
  const file = z
    .strictObject({ ...processShape, ...server, servers: z.record(z.string(), serverSchema.partial()) })
    .partial();
  return z.toJSONSchema(file, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema: node }) => {
      for (const ours of ['mailroot', 'kind']) delete (node as Record<string, unknown>)[ours];
    },
  });
}

/** The effective settings as YAML in the file's own notation, secrets masked: what `mailroot config show` prints. */
export function effectiveSettings(config: Config): string {
  const servers = Object.fromEntries(
    config.servers.map(({ name, ...settings }) => [name, written(settings, serverShape)]),
  );
  return stringify({ ...(written(config.process, processShape) as object), servers }, { lineWidth: 0 });
}

/** Values as they would be written in the file. */
function written(settings: object, shape: Readonly<Record<string, z.ZodType>>): unknown {
  const rows = [...walkSettings(shape)].filter(isSettingRow);
  const write = (value: unknown, path: readonly string[]): unknown => {
    if (SECRET.test(path.at(-1) ?? '')) return '********';
    const row = rows.find(({ path: other }) => matches(other, path));
    const kind = row === undefined ? undefined : kindOf(row.schema);
    if (Array.isArray(value)) {
      return value.map((item) =>
        kind === undefined ? write(item, [...path, '*']) : writtenValue(item, kind),
      );
    }
    if (kind !== undefined) return writtenValue(value, kind);
    if (value === Number.POSITIVE_INFINITY) return 'unlimited';
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, write(inner, [...path, name])]),
    );
  };
  return write(settings, []);
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return (
    pattern.length === path.length && pattern.every((name, index) => name === '*' || name === path[index])
  );
}

function writtenValue(value: unknown, kind: string): unknown {
  if (value === Number.POSITIVE_INFINITY) return 'unlimited';
  if (kind === 'duration') return formatDuration(value as number);
  if (kind === 'size') return formatSize(value as number);
  if (kind === 'socket-address') {
    const { address, port } = value as SocketAddress;
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  }
  if (kind === 'host-port') {
    const { host, port } = value as HostPort;
    const name = /^[\d.]+$|:/.test(host) ? `[${host}]` : host;
    return port === undefined ? name : `${name}:${port}`;
  }
  return value;
}

function inline(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
