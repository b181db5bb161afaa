/** How much memory stored values take, about: for bounds, not for accounts. */
import type { StoredContents, StoredValue } from '../contract.ts';

/** What an entry costs beside its text: objects, references. */
const EACH = 64;

export function storedSize(contents: StoredContents): number {
  let bytes = 0;
  for (const [key, value] of contents) bytes += EACH + key.length * 2 + valueSize(value);
  return bytes;
}

function valueSize(value: StoredValue): number {
  switch (value.kind) {
    case 'plain':
      if (typeof value.value === 'string') return EACH + value.value.length * 2;
      return value.value instanceof Uint8Array ? EACH + value.value.length : EACH;
    case 'array':
      return value.elements.reduce((sum, element) => sum + valueSize(element), EACH);
    case 'dictionary':
      return value.entries.reduce((sum, [key, item]) => sum + valueSize(key) + valueSize(item), EACH);
    default:
      return EACH;
  }
}
