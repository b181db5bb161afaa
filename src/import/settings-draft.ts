/**
 * Settings on their way into a file: each with its path, its value and the words beside it.
 * Owns: the YAML text with a comment on every line, and the proof that it loads: what the loader refuses is taken out
 * again and becomes a note.  Leaves: which settings there are (config), where they come from (iis.ts, exchange-ims.ts).
 */
import { stringify } from 'yaml';
import { type Config, type ConfigProblem, loadConfig } from '../config/index.ts';

export type DraftLine = {
  /** `['servers', 'smtp1', 'limits', 'messageSize']`. */
  readonly path: readonly string[];
  readonly value: unknown;
  readonly comment: string;
};

/** Something that the operator must know. */
export type ImportNote = {
  /** `warning`: safety; `todo`: must be done by hand; `dropped`: has no counterpart and needs none. */
  readonly kind: 'warning' | 'todo' | 'dropped';
  /** Stable name: `open-relay`. */
  readonly id: string;
  readonly text: string;
  /** Where in the old settings, empty for all of them. */
  readonly place: string;
};

/** One line of the report: a setting of the old server and what stands for it here. */
export type ReportRow = { readonly place: string; readonly old: string; readonly new: string };

export class SettingsDraft {
  readonly #head: readonly string[];
  readonly #titles = new Map<string, string>();
  #lines: DraftLine[] = [];
  readonly notes: ImportNote[] = [];
  readonly rows: ReportRow[] = [];

  /** `head`: comment lines at the top of the file. */
  constructor(head: readonly string[]) {
    this.#head = head;
  }

  /** Adds or replaces a setting. */
  set(path: readonly string[], value: unknown, comment: string): void {
    this.#lines = this.#lines.filter((line) => !samePath(line.path, path));
    this.#lines.push({ path, value, comment });
  }

  value(path: readonly string[]): unknown {
    return this.#lines.find((line) => samePath(line.path, path))?.value;
  }

  /** The comment beside a section: `servers.smtp1`. */
  title(path: readonly string[], comment: string): void {
    this.#titles.set(path.join('\0'), comment);
  }

  note(kind: ImportNote['kind'], id: string, place: string, text: string): void {
    if (this.notes.some((note) => note.id === id && note.place === place && note.text === text)) return;
    this.notes.push({ kind, id, text, place });
  }

  row(place: string, old: string, now: string): void {
    this.rows.push({ place, old, new: now });
  }

  /**
   * The file's text and what it loads to. A line that the loader refuses is taken out and noted, until nothing is refused.
   * `file` is where the text will lie; relative paths are taken from its folder.
   */
  finish(file: string): { readonly text: string; readonly config: Config } {
    for (;;) {
      const text = this.#text();
      const loaded = loadConfig(text, file);
      if (loaded.ok) return { text, config: loaded.config };
      let removed = 0;
      for (const problem of loaded.problems) removed += this.#takeOut(problem);
      // Every line that a problem can name is ours, so each turn takes at least one out.
      if (removed === 0)
        throw new Error(`the imported settings do not load: ${JSON.stringify(loaded.problems)}`);
    }
  }

  #takeOut(problem: ConfigProblem): number {
    const place = problem.path;
    const refused = this.#lines.filter(({ path }) => {
      const own = path.join('.');
      return own === place || place.startsWith(`${own}.`) || (place !== '' && own.startsWith(`${place}.`));
    });
    for (const line of refused) {
      this.#lines = this.#lines.filter((other) => other !== line);
      // Of a list only the item that is refused.
      const index = Array.isArray(line.value)
        ? /^\.(\d+)(?:\.|$)/.exec(place.slice(line.path.join('.').length))?.[1]
        : undefined;
      const items = Array.isArray(line.value) && index !== undefined ? (line.value as unknown[]) : undefined;
      const left = items?.filter((_, at) => at !== Number(index)) ?? [];
      const value = items === undefined ? line.value : items[Number(index)];
      if (left.length > 0) this.#lines.push({ ...line, value: left });
      this.note(
        'todo',
        'refused-value',
        line.comment,
        `${line.path.join('.')}: ${inline(value)} was left out: ${clean(problem.text)}`,
      );
    }
    return refused.length;
  }

  #text(): string {
    const out = this.#head.map((line) => `# ${clean(line)}`.trimEnd());
    if (out.length > 0) out.push('');
    const emit = (lines: readonly DraftLine[], depth: number): void => {
      const done = new Set<string>();
      for (const line of lines) {
        const name = line.path[depth]!;
        if (done.has(name)) continue;
        done.add(name);
        const indent = '  '.repeat(depth);
        if (line.path.length === depth + 1) {
          out.push(`${indent}${key(name)}: ${inline(line.value)} # ${clean(line.comment)}`);
          continue;
        }
        const path = line.path.slice(0, depth + 1);
        const title = this.#titles.get(path.join('\0'));
        out.push(`${indent}${key(name)}:${title === undefined ? '' : ` # ${clean(title)}`}`);
        emit(
          lines.filter((other) => other.path[depth] === name),
          depth + 1,
        );
      }
    };
    emit(this.#lines, 0);
    return `${out.join('\n')}\n`;
  }
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

function key(name: string): string {
  return /^[A-Za-z][\w-]*$/.test(name) ? name : JSON.stringify(name);
}

/** A value on one line. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'string') return JSON.stringify(value);
  if (/[\x00-\x1f\x7f-\x9f\u2028\u2029,[\]{}]/.test(value)) return JSON.stringify(value);
  const text = stringify(value, { lineWidth: 0 }).trim();
  return text.includes('\n') ? JSON.stringify(value) : text;
}

/** Text from a foreign file beside our own: one line, no control characters, not endless. */
function clean(text: string): string {
  const line = text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');
  return line.length > 240 ? `${line.slice(0, 237)}...` : line;
}
