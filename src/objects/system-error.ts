/** The machine's error codes, for failures of the file system; the base room is loaded with the first of them. */
import { lazily } from './lazy.ts';

const base = lazily<typeof import('../base/index.ts')>(import.meta.url, '../base/index');

/** `ENOENT` and the like; undefined when it is no error of the system. */
export function systemErrorCode(thrown: unknown): string | undefined {
  return base().systemErrorCode(thrown);
}
