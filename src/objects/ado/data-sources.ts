/**
 * Which database an old connection string or DSN means today.
 * Owns: the table of data sources and its written form, connection strings, the choice of a row.
 * Leaves: opening (sqlite, postgresql), the words of the command line (script/switches).
 * Fails: DataSourceProblem for a row that is not written as it should be.
 * Sources: doc "ADO ConnectionString Property"; doc "ODBC connection strings".
 */

/** The SQL that pages were written in. `native`: that of the database itself, nothing is translated. */
export type SqlDialect = 'access' | 'sqlserver' | 'native';

/** One row of the table that gives old databases new homes. */
export type DataSource = {
  /** What the page writes: a DSN name, or a text that its connection string contains. Any case, \ and / alike. */
  readonly match: string;
  readonly target:
    | { readonly kind: 'sqlite'; readonly file: string }
    | { readonly kind: 'postgresql'; readonly url: string };
  /** Absent: what the connection string tells, else Access. */
  readonly dialect?: SqlDialect;
};

export class DataSourceProblem extends Error {
  override readonly name = 'DataSourceProblem';
}

const FORM = "'MATCH=sqlite:FILE' or 'MATCH=postgresql://USER@HOST/DATABASE'";

/** Reads `MATCH=[access:|sqlserver:|native:]sqlite:FILE` or `…postgresql://…`. `resolveFile` makes a file's path absolute. */
export function parseDataSource(text: string, resolveFile: (file: string) => string): DataSource {
  const found =
    /^([\s\S]*?)=(?:(access|sqlserver|native):)?(sqlite:(?!\/\/)|postgres(?:ql)?:\/\/)([\s\S]*)$/i.exec(text);
  if (found === null) throw new DataSourceProblem(`the data source is written as ${FORM}.`);
  const [, match, dialect, scheme, rest] = found as unknown as [string, string, string?, string?, string?];
  if (match.trim() === '')
    throw new DataSourceProblem(`the data source needs a name or a part of the connection string: ${FORM}.`);
  const written = dialect === undefined ? {} : { dialect: dialect.toLowerCase() as SqlDialect };
  if (scheme!.toLowerCase() === 'sqlite:') {
    if (rest!.trim() === '')
      throw new DataSourceProblem(`the data source '${match}' names no file: ${FORM}.`);
    return { match: match.trim(), target: { kind: 'sqlite', file: resolveFile(rest!) }, ...written };
  }
  const url = `postgresql://${rest!}`;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || parsed.hostname === '' || parsed.pathname.length < 2)
    throw new DataSourceProblem(
      `the data source '${match}' needs an address as in postgresql://USER:PASSWORD@HOST:5432/DATABASE.`,
    );
  return { match: match.trim(), target: { kind: 'postgresql', url }, ...written };
}

/** The table as scripts' threads may hold it: addresses without user, password and options. */
export function withoutSecrets(sources: readonly DataSource[]): DataSource[] {
  return sources.map((source) =>
    source.target.kind === 'sqlite'
      ? source
      : { ...source, target: { kind: 'postgresql', url: publicAddress(source.target.url) } },
  );
}

/** `postgresql://host:port/database`. */
export function publicAddress(url: string): string {
  if (!URL.canParse(url)) return 'postgresql:';
  const { host, pathname } = new URL(url);
  return `postgresql://${host}${pathname}`;
}

/** Keys in lower case; the last value of a key counts. Values in quotes or braces are taken out of them. */
export class ConnectionString {
  readonly text: string;
  readonly #values = new Map<string, string>();

  constructor(text: string) {
    this.text = text;
    const part = /\s*([^=;]+?)\s*=\s*(?:\{([^}]*)\}|"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^;]*))\s*(?:;|$)/y;
    for (let at = 0; at < text.length; ) {
      part.lastIndex = at;
      const found = part.exec(text);
      if (found === null) {
        const next = text.indexOf(';', at);
        if (next < 0) break;
        at = next + 1;
        continue;
      }
      const [all, key, braced, double, single, bare] = found as unknown as [string, string, ...string[]];
      const value = braced ?? double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? bare!.trim();
      this.#values.set(key.toLowerCase(), value);
      at += Math.max(1, all.length);
    }
  }

  get(...keys: string[]): string | undefined {
    for (const key of keys) {
      const value = this.#values.get(key);
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  }

  /** `DSN=shop`, or a text that is no list of keys at all. */
  get dsn(): string | undefined {
    if (this.#values.size === 0 && this.text.trim() !== '') return this.text.trim().replace(/;+$/, '');
    return this.get('dsn', 'file name', 'filedsn');
  }

  /** The database file it names. */
  get file(): string | undefined {
    return this.get('data source', 'dbq', 'datasource') ?? this.#databaseFile();
  }

  get provider(): string | undefined {
    return this.get('provider');
  }

  /** The text without passwords, as the ConnectionString property shows it. */
  get publicText(): string {
    return this.text.replace(
      /(^|;)(\s*(?:password|pwd|jet oledb:database password)\s*=\s*)(?:\{[^}]*\}|"(?:[^"]|"")*"|'(?:[^']|'')*'|[^;]*)/gi,
      '$1',
    );
  }

  /** What the provider or driver says of the SQL that the page writes; undefined: nothing. */
  get dialect(): SqlDialect | undefined {
    const driver = `${this.get('driver') ?? ''} ${this.provider ?? ''}`;
    if (/access|jet|\bace\b|\.mdb/i.test(driver)) return 'access';
    if (/sqlite|postgres|pgoledb/i.test(driver)) return 'native';
    if (/sql\s?server|sqloledb|sqlncli|msoledbsql/i.test(driver)) return 'sqlserver';
    return /\.(?:mdb|accdb)\b/i.test(this.file ?? '') ? 'access' : undefined;
  }

  /** SQLite's ODBC driver names its file Database, as servers name theirs. */
  #databaseFile(): string | undefined {
    const database = this.get('database');
    return database !== undefined && (/sqlite/i.test(this.get('driver') ?? '') || /[\\/]/.test(database))
      ? database
      : undefined;
  }
}

/** The row for a connection string: a DSN of that name first, then the longest text that it contains. */
export function findDataSource(
  sources: readonly DataSource[],
  connection: ConnectionString,
): DataSource | undefined {
  const dsn = connection.dsn?.toLowerCase();
  const named = sources.find(({ match }) => match.toLowerCase() === dsn);
  if (named !== undefined) return named;
  const text = normal(connection.text);
  return sources
    .filter(({ match }) => text.includes(normal(match)))
    .sort((a, b) => b.match.length - a.match.length)[0];
}

function normal(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\\/]+/g, '/')
    .replace(/\s*=\s*/g, '=');
}
