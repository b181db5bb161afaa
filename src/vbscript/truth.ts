/** Truth of a condition: as CBool, but Null counts as False. */
import { plain, toBoolean } from './convert.ts';
import type { Runtime } from './runtime.ts';
import type { VbValue } from './values.ts';

export function truthy(value: VbValue, rt: Runtime): boolean {
  const it = plain(value, rt);
  return it !== null && toBoolean(it, rt);
}
