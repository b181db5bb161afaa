/**
 * Keeps secrets out of traces: values of fields, members and variables with telling names, and these values wherever they
 * turn up again.
 * Owns: what counts as telling, what is put in its place.  Leaves: recording (recorder).
 */

export const MASK = '*****';

/** Shortest value that is looked for elsewhere: shorter ones are in every text by chance. */
const LEAST_SECRET = 4;
const MOST_SECRETS = 100;

export class Masking {
  readonly #names: RegExp | undefined;
  readonly #secrets = new Set<string>();

  /** `names`: parts of names, any case. */
  constructor(names: readonly string[]) {
    const parts = names
      .filter((name) => name !== '')
      .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.#names = parts.length === 0 ? undefined : new RegExp(parts.join('|'), 'i');
  }

  isTelling(name: string): boolean {
    return this.#names?.test(name) === true;
  }

  /** Remembers a value that must not be shown again. */
  remember(secret: string): void {
    if (secret.length >= LEAST_SECRET && this.#secrets.size < MOST_SECRETS) this.#secrets.add(secret);
  }

  /** Secrets met so far: what was cleaned with fewer of them is to be cleaned again. */
  get count(): number {
    return this.#secrets.size;
  }

  /** A text without the secrets met so far. */
  clean(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) if (clean.includes(secret)) clean = clean.replaceAll(secret, MASK);
    return clean;
  }

  /** A query: the values of telling fields are hidden. */
  query(query: string): string {
    return query.replace(/(^|[&;])([^=&;]*)=([^&;]*)/g, (whole, before: string, name: string) =>
      this.isTelling(decoded(name)) ? `${before}${name}=${MASK}` : whole,
    );
  }

  /** A source line: literals on a line with a telling name are hidden, except those that are themselves the name. */
  source(line: string): string {
    if (!this.isTelling(line)) return this.clean(line);
    return this.clean(
      line.replace(/"(?:[^"\\]|\\.|"")*"|'(?:[^'\\]|\\.)*'/g, (literal) => {
        if (literal.length <= 2 || this.isTelling(literal)) return literal;
        this.remember(literal.slice(1, -1));
        return `${literal[0]}${MASK}${literal[0]}`;
      }),
    );
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
