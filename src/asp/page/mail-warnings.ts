/**
 * Hears what the mail objects tell while a page runs, and keeps what its author should know.
 * Owns: which of it is a warning, where the page stood, their number.  Leaves: the trace (recorder), telling them (site).
 */
import type { SourcePosition } from '../../automation/index.ts';
import type { LogFields, Logger } from '../../base/index.ts';
import type { PageWarning } from '../contract.ts';

/** A page in a loop says the same again and again. */
const MOST_WARNINGS = 20;
const LONGEST_TEXT = 400;

export class MailWarnings implements Logger {
  readonly list: PageWarning[] = [];
  readonly #position: () => SourcePosition;
  readonly #next: Logger | undefined;

  /** `position`: where the page stands now. `next` hears everything as well. */
  constructor(position: () => SourcePosition, next: Logger | undefined) {
    this.#position = position;
    this.#next = next;
  }

  event(level: Parameters<Logger['event']>[0], name: string, fields: LogFields = {}): void {
    if (level === 'warn' && this.list.length < MOST_WARNINGS) {
      const { file, line } = this.#position();
      const text = String(fields['message'] ?? name).slice(0, LONGEST_TEXT);
      if (!this.list.some((known) => known.line === line && known.text === text && known.file === file))
        this.list.push({ file, line, text });
    }
    this.#next?.event(level, name, fields);
  }

  with(): Logger {
    return this;
  }
}
