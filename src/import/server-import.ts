/**
 * One virtual server while it is taken over: reads properties in force, writes settings with their origin.
 * Owns: the words “where it came from”, typed reading with a note for nonsense, the rows of the report.
 * Leaves: which property becomes which setting (iis*.ts).
 */
import { type Effective, type Metabase, readList, readNumber, readTruth } from './metabase.ts';
import { ROUTE_ACTION_NAMES } from './route-action.ts';
import type { ImportNote, SettingsDraft } from './settings-draft.ts';

/** Names of flags, for values that are written as names. */
const FLAG_NAMES: Readonly<Record<string, number>> = {
  ...ROUTE_ACTION_NAMES,
  AuthAnonymous: 1,
  AuthBasic: 2,
  AuthNTLM: 4,
  AuthMD5: 16,
  AuthPassport: 64,
  AccessSSL: 8,
  AccessSSL128: 256,
  AccessNegotiateCert: 32,
  AccessRequireCert: 64,
  AccessMapCert: 128,
};

export class ServerImport {
  readonly metabase: Metabase;
  readonly draft: SettingsDraft;
  readonly path: string;
  readonly name: string;
  readonly instance: number;

  constructor(metabase: Metabase, draft: SettingsDraft, number: number) {
    this.metabase = metabase;
    this.draft = draft;
    this.instance = number;
    this.path = metabase.node(metabase.serverPath(number))?.path ?? metabase.serverPath(number);
    this.name = `smtp${number}`;
  }

  begin(): void {
    const comment = this.get('ServerComment');
    const words = comment === undefined || comment.text === '' ? '' : `, “${comment.text}”`;
    this.draft.title(['servers'], 'virtual servers');
    this.draft.title(['servers', this.name], `${this.path}${words}`);
    for (const [section, tab] of [
      ['folders', 'directories'],
      ['pickup', 'directories'],
      ['domains', 'domains'],
      ['access', 'Access tab'],
      ['tls', 'Access tab, secure communication'],
      ['limits', 'General and Messages tabs'],
      ['delivery', 'Delivery tab'],
      ['reports', 'Messages tab'],
      ['protocolLog', 'General tab, logging'],
    ] as const) {
      this.draft.title(['servers', this.name, section], tab);
    }
    this.draft.title(['servers', this.name, 'access', 'connections'], 'Access tab, connection control');
    this.draft.title(['servers', this.name, 'domains', 'remote'], 'remote domains');
  }

  get(name: string): Effective | undefined {
    return this.metabase.effective(this.path, name);
  }

  /** The property in force when it stands in the file; a schema default counts as absent. */
  written(name: string): Effective | undefined {
    const found = this.get(name);
    return found?.from === 'schema' ? undefined : found;
  }

  /** All names that stand at this server or at a parent that passes them on. */
  namesInForce(): string[] {
    const names = new Map<string, string>();
    for (const path of [this.metabase.service, this.path]) {
      for (const [key, { name }] of this.metabase.node(path)?.properties ?? []) names.set(key, name);
    }
    return [...names.values()];
  }

  origin(found: Effective): string {
    return `${found.name}, ${found.place}`;
  }

  set(path: readonly string[], value: unknown, found: Effective | undefined, why?: string): void {
    const origin = found === undefined ? 'not in the file' : this.origin(found);
    const comment = why === undefined ? origin : `${origin}: ${why}`;
    this.draft.set(['servers', this.name, ...path], value, comment);
    this.draft.row(
      found === undefined ? this.path : `${this.path}, ${found.place}`,
      found === undefined ? '' : `${found.name} = ${found.isSecret ? '(encrypted)' : shorten(found.text)}`,
      `${path.join('.')}: ${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`,
    );
  }

  setText(path: readonly string[], name: string): void {
    const found = this.get(name);
    if (found !== undefined && found.text.trim() !== '') this.set(path, found.text.trim(), found);
  }

  setTruth(path: readonly string[], name: string, options: { readonly onlyWritten?: true } = {}): void {
    const found = options.onlyWritten ? this.written(name) : this.get(name);
    const value = this.truth(found);
    if (found !== undefined && value !== undefined) this.set(path, value, found);
  }

  setNumber(path: readonly string[], name: string, convert: (value: number) => unknown): void {
    const found = this.get(name);
    const value = this.number(found);
    if (found !== undefined && value !== undefined) this.set(path, convert(value), found);
  }

  truth(found: Effective | undefined): boolean | undefined {
    return this.#typed(found, readTruth, 'TRUE, FALSE or a number');
  }

  number(found: Effective | undefined): number | undefined {
    return this.#typed(found, (text) => readNumber(text, FLAG_NAMES), 'a number or names of flags');
  }

  list(found: Effective | undefined): string[] {
    return found === undefined ? [] : readList(found.text);
  }

  #typed<T>(
    found: Effective | undefined,
    read: (text: string) => T | undefined,
    expected: string,
  ): T | undefined {
    if (found === undefined || found.text.trim() === '') return undefined;
    const value = read(found.text);
    if (value === undefined) {
      this.note(
        'todo',
        'unreadable',
        found,
        `${found.name} is '${shorten(found.text)}', and ${expected} is expected; it was left out`,
      );
    }
    return value;
  }

  note(kind: ImportNote['kind'], id: string, found: Effective | undefined, text: string): void {
    this.noteAt(kind, id, found === undefined ? this.path : `${this.path}, ${this.origin(found)}`, text);
  }

  noteAt(kind: ImportNote['kind'], id: string, place: string, text: string): void {
    this.draft.note(kind, id, place, text);
  }

  drop(found: Effective, why: string): void {
    this.draft.row(
      `${this.path}, ${found.place}`,
      `${found.name} = ${found.isSecret ? '(encrypted)' : shorten(found.text)}`,
      `– (${why})`,
    );
  }
}

export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
