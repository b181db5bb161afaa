/**
 * What a session holds as one text: a site keeps thousands of sessions, and three values as objects take twenty times the room.
 * Owns: the text's form, which never leaves the process.  Leaves: what the values mean (page).
 * Fails: never for what `pack` made.
 *
 * JSON where JSON has the value; all else is an array that begins with a letter.
 */
import type { StoredContents, StoredValue } from '../contract.ts';

type Plain = Extract<StoredValue, { kind: 'plain' }>['value'];
type Json = null | boolean | number | string | readonly Json[];

export function pack(contents: StoredContents): string {
  if (contents.length === 0) return '';
  return JSON.stringify(contents.map(([key, value]) => [key, packed(value)]));
}

export function unpack(text: string): StoredContents {
  if (text === '') return [];
  return (JSON.parse(text) as [string, Json][]).map(([key, value]) => [key, unpacked(value)]);
}

function packed(value: StoredValue): Json {
  switch (value.kind) {
    case 'plain':
      return packedPlain(value.value);
    case 'scalar':
      return ['s', value.type, packedNumber(value.value)];
    case 'array':
      return ['a', value.upperBounds, value.elements.map(packed)];
    case 'nothing':
      return ['o'];
    case 'dictionary':
      return ['d', value.compareMode, value.entries.map(([key, item]) => [packed(key), packed(item)])];
    case 'resident':
      return ['r', value.id, value.typeName];
  }
}

function packedPlain(value: Plain): Json {
  if (value === undefined) return ['u'];
  if (typeof value === 'number') return packedNumber(value);
  if (value instanceof Uint8Array) return ['b', Buffer.from(value).toString('base64')];
  return value;
}

function packedNumber(value: number): Json {
  return Number.isFinite(value) && !Object.is(value, -0)
    ? value
    : ['n', Object.is(value, -0) ? '-0' : String(value)];
}

function unpacked(value: Json): StoredValue {
  if (!Array.isArray(value)) return { kind: 'plain', value: value as Plain };
  const [letter, first = null, second = null] = value as readonly Json[];
  switch (letter) {
    case 's':
      return { kind: 'scalar', type: first as number, value: unpackedNumber(second) };
    case 'a':
      return {
        kind: 'array',
        upperBounds: first as readonly number[],
        elements: (second as readonly Json[]).map(unpacked),
      };
    case 'o':
      return { kind: 'nothing' };
    case 'd':
      return {
        kind: 'dictionary',
        compareMode: first as number,
        entries: (second as readonly (readonly [Json, Json])[]).map(([key, item]) => [
          unpacked(key),
          unpacked(item),
        ]),
      };
    case 'r':
      return { kind: 'resident', id: first as number, typeName: second as string };
    case 'b':
      return { kind: 'plain', value: new Uint8Array(Buffer.from(first as string, 'base64')) };
    case 'n':
      return { kind: 'plain', value: Number(first) };
    default:
      return { kind: 'plain', value: undefined };
  }
}

function unpackedNumber(value: Json): number {
  return typeof value === 'number' ? value : Number((value as readonly Json[])[1]);
}
