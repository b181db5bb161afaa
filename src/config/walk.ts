/**
 * Walks the settings table: each setting with its path, for pages, defaults and path resolution.
 * Owns: knowing how zod nests (defaults, optionals, arrays, records).  Leaves: what is done with a setting.
 */
import type { z } from 'zod';
import { type SettingMeta, settingMeta, type ValueKind } from './fields.ts';

export type SettingRow = {
  /** `['access', 'relayNetworks']`; `*` stands for a name or an index. */
  readonly path: readonly string[];
  readonly meta: SettingMeta;
  readonly schema: z.ZodType;
};

export type SectionRow = { readonly path: readonly string[]; readonly doc: string };

type Definition = {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly out?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly defaultValue?: unknown;
};

function definition(schema: z.ZodType): Definition {
  return (schema as unknown as { def: Definition }).def;
}

/** The schema under defaults, optionals and preprocessing. */
export function bareSchema(schema: z.ZodType): z.ZodType {
  const { type, innerType, out } = definition(schema);
  if (innerType !== undefined && ['default', 'prefault', 'optional', 'nullable'].includes(type)) {
    return bareSchema(innerType);
  }
  return type === 'pipe' && out !== undefined && definition(out).type !== 'transform'
    ? bareSchema(out)
    : schema;
}

/** The default as it would be written in the file; undefined when the setting may be absent. */
export function defaultOf(schema: z.ZodType): unknown {
  const { type, innerType, defaultValue } = definition(schema);
  if (type === 'default' || type === 'prefault') return defaultValue;
  return innerType === undefined ? undefined : defaultOf(innerType);
}

/** What kind of value a setting, or each item of its list, holds; undefined for plain ones. */
export function kindOf(schema: z.ZodType): ValueKind | undefined {
  const kind = schema.meta()?.['kind'] as ValueKind | undefined;
  const { innerType, element } = definition(schema);
  const inner = innerType ?? element;
  return kind ?? (inner === undefined ? undefined : kindOf(inner));
}

/** All settings and sections below `shape`, in the order of the table. */
export function* walkSettings(
  shape: Readonly<Record<string, z.ZodType>>,
  path: readonly string[] = [],
): Generator<SettingRow | SectionRow> {
  for (const [name, schema] of Object.entries(shape)) {
    const here = [...path, name];
    const meta = settingMeta(schema);
    if (meta !== undefined) yield { path: here, meta, schema };
    const inner = bareSchema(schema);
    const { type, shape: innerShape, element, valueType } = definition(inner);
    if (type === 'object') {
      if (meta === undefined) yield { path: here, doc: schema.description ?? '' };
      yield* walkSettings(innerShape!, here);
    } else {
      const item = type === 'array' ? element : type === 'record' ? valueType : undefined;
      const itemDefinition = item === undefined ? undefined : definition(bareSchema(item));
      if (itemDefinition?.type === 'object') yield* walkSettings(itemDefinition.shape!, [...here, '*']);
    }
  }
}

export function isSettingRow(row: SettingRow | SectionRow): row is SettingRow {
  return 'schema' in row;
}
