/** Which settings of a reload take effect only at the next start. */
import { isDeepStrictEqual } from 'node:util';
import type { Config } from './load.ts';
import { processShape, serverShape } from './schema.ts';
import { isSettingRow, type SettingRow, walkSettings } from './walk.ts';

const restartRows = (shape: Parameters<typeof walkSettings>[0]): readonly SettingRow[] =>
  [...walkSettings(shape)]
    .filter(isSettingRow)
    .filter(({ meta, path }) => meta.applies === 'restart' && !path.includes('*'));

const SERVER_ROWS = restartRows(serverShape);
const PROCESS_ROWS = restartRows(processShape);

/** Paths of settings that differ and need a restart; servers that came or went count too. */
export function needsRestart(running: Config, wanted: Config): readonly string[] {
  const found = PROCESS_ROWS.filter((row) => differs(running.process, wanted.process, row)).map(({ path }) =>
    path.join('.'),
  );
  const names = new Set([...running.servers, ...wanted.servers].map(({ name }) => name));
  for (const name of names) {
    const before = running.servers.find((server) => server.name === name);
    const after = wanted.servers.find((server) => server.name === name);
    if (before === undefined || after === undefined) found.push(`servers.${name}`);
    else {
      for (const row of SERVER_ROWS) {
        if (differs(before, after, row)) found.push(`servers.${name}.${row.path.join('.')}`);
      }
    }
  }
  return found;
}

function differs(before: object, after: object, { path }: SettingRow): boolean {
  const read = (from: unknown): unknown =>
    path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], from);
  return !isDeepStrictEqual(read(before), read(after));
}
