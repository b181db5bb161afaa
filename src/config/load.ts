/**
 * Reads a configuration: YAML text → settings of the process and of each virtual server, or every problem at once.
 * Owns: inheritance (file level → server), positions of problems, relative paths, checks between settings.
 * Leaves: opening anything that settings name (relay), describing settings (describe.ts).
 * Fails: a list of problems, each with line, path, what was found and what was expected. Never throws for bad input.
 */
import { dirname, isAbsolute, resolve } from 'node:path';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { checkSites, checkTogether } from './cross-checks.ts';
import {
  type ProcessConfig,
  processSchema,
  processShape,
  type ServerConfig,
  serverSchema,
  serverShape,
} from './schema.ts';
import { isSettingRow, kindOf, type SettingRow, walkSettings } from './walk.ts';

/** A virtual server's effective settings; paths are absolute. */
export type NamedServer = ServerConfig & { readonly name: string };

export type Config = {
  readonly process: ProcessConfig;
  /** At least one, in the order of the file. */
  readonly servers: readonly NamedServer[];
  /** Things that are allowed and probably not meant. */
  readonly warnings: readonly ConfigProblem[];
};

export type ConfigProblem = {
  /** `servers.printers.limits.messageSize`; empty for the file as a whole. */
  readonly path: string;
  /** 1-based; undefined when the setting stands in no file (a command-line flag, a default). */
  readonly line: number | undefined;
  readonly text: string;
};

export type LoadResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Settings as written, before validation: what the file holds, or what command-line flags set. */
export type RawSettings = { readonly [name: string]: unknown };

/** The name of the server that exists when the file names none. */
export const DEFAULT_SERVER_NAME = 'default';

const PROCESS_KEYS = Object.keys(processShape);
const SETTINGS = [...walkSettings(serverShape), ...walkSettings(processShape)].filter(isSettingRow);
const PATH_SETTINGS = SETTINGS.filter((row) => kindOf(row.schema) === 'path').map((row) => row.path);

/**
 * Loads `text`, the content of the file at `file` (absolute; relative paths in it are taken from its folder).
 * `flags` win over the file and hold for every server.
 */
export function loadConfig(text: string, file: string, flags: RawSettings = {}): LoadResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: ConfigProblem[] = document.errors.map((error) => ({
    path: '',
    line: lines.linePos(error.pos[0]).line,
    text: `this is not YAML: ${error.message}`,
  }));
  if (problems.length > 0) return { ok: false, problems };
  const raw: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
  if (!isRawSettings(raw)) {
    return {
      ok: false,
      problems: [{ path: '', line: 1, text: 'settings in the form `name: value` are expected' }],
    };
  }
  return new Loader(raw, flags, dirname(file), (path) => lineOf(document, lines, path)).load();
}

class Loader {
  readonly #raw: RawSettings;
  readonly #flags: RawSettings;
  readonly #folder: string;
  readonly #line: (path: readonly PropertyKey[]) => number | undefined;
  readonly #problems = new Map<string, ConfigProblem>();

  constructor(
    raw: RawSettings,
    flags: RawSettings,
    folder: string,
    line: (path: readonly PropertyKey[]) => number | undefined,
  ) {
    this.#raw = raw;
    this.#flags = flags;
    this.#folder = folder;
    this.#line = line;
  }

  load(): LoadResult {
    const { servers: serversRaw, ...atFileLevel } = this.#raw;
    const processRaw = pick(atFileLevel, (name) => PROCESS_KEYS.includes(name));
    const shared = pick(atFileLevel, (name) => !PROCESS_KEYS.includes(name));
    const process = this.#parse(processSchema, processRaw, () => []);
    // A setting that every server overrides is judged all the same.
    this.#parse(serverSchema, shared, () => []);
    const servers: NamedServer[] = [];
    for (const [name, own] of this.#serverEntries(serversRaw)) {
      const fallback = process?.profile === 'iis' ? iisDefaults() : {};
      const merged = merge(merge(fallback, shared), merge(own, this.#flags));
      const settings = this.#parse(serverSchema, merged, (path) => (has(own, path) ? ['servers', name] : []));
      if (settings !== undefined) servers.push({ name, ...this.#withAbsolutePaths(settings) });
    }
    if (process === undefined || this.#problems.size > 0) return this.#failure();
    const { problems, warnings } = checkTogether(servers, process, (server, path) =>
      this.#place(server, path),
    );
    for (const problem of problems) this.#add(problem);
    for (const { path, text } of checkSites(process.sites)) this.#addAt(['sites', ...path], text);
    if (this.#problems.size > 0) return this.#failure();
    return { ok: true, config: { process: this.#withAbsolutePaths(process), servers, warnings } };
  }

  #failure(): LoadResult {
    const problems = [...this.#problems.values()];
    return { ok: false, problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
  }

  *#serverEntries(raw: unknown): Generator<[string, RawSettings]> {
    if (raw === undefined || raw === null) {
      yield [DEFAULT_SERVER_NAME, {}];
      return;
    }
    const line = this.#line(['servers']);
    if (!isRawSettings(raw) || Object.keys(raw).length === 0) {
      this.#add({ path: 'servers', line, text: 'at least one server in the form `name: {…}` is expected' });
      return;
    }
    for (const [name, own] of Object.entries(raw)) {
      const path = `servers.${name}`;
      if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name)) {
        this.#add({ path, line, text: 'a server name has letters, digits, - and _ only, at most 63' });
      } else if (own !== null && !isRawSettings(own)) {
        this.#add({
          path,
          line: this.#line(['servers', name]),
          text: 'settings in the form `name: value` are expected',
        });
      } else {
        yield [name, own ?? {}];
      }
    }
  }

  #parse<T>(
    schema: z.ZodType<T>,
    value: RawSettings,
    prefixOf: (path: readonly PropertyKey[]) => readonly string[],
  ): T | undefined {
    const result = schema.safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    for (const issue of result.error.issues) this.#addIssue(issue, prefixOf);
    return undefined;
  }

  #addIssue(issue: z.core.$ZodIssue, prefixOf: (path: readonly PropertyKey[]) => readonly string[]): void {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        const path = [...issue.path, key];
        this.#addAt(
          [...prefixOf(path), ...path],
          `there is no setting of this name${didYouMean(issue.path, key)}`,
        );
      }
      return;
    }
    if (issue.code === 'invalid_key') {
      const [reason] = issue.issues;
      this.#addAt([...prefixOf(issue.path), ...issue.path], reason?.message ?? issue.message);
      return;
    }
    const found = 'input' in issue && isShown(issue.input) ? ` (found: ${JSON.stringify(issue.input)})` : '';
    this.#addAt([...prefixOf(issue.path), ...issue.path], `${issue.message}${found}`);
  }

  #addAt(path: readonly PropertyKey[], text: string): void {
    this.#add({ path: path.map(String).join('.'), line: this.#line(path), text });
  }

  /** A setting at file level is parsed once for each server; its problem is reported once. */
  #add(problem: ConfigProblem): void {
    this.#problems.set(`${problem.path}\n${problem.text}`, problem);
  }

  /** Where an effective setting of a server was written. */
  #place(server: string, path: readonly string[]): { path: string; line: number | undefined } {
    const servers = this.#raw['servers'];
    const own = isRawSettings(servers) ? servers[server] : undefined;
    const full = isRawSettings(own) && has(own, path) ? ['servers', server, ...path] : path;
    return { path: full.join('.'), line: this.#line(full) };
  }

  #withAbsolutePaths<T extends object>(settings: T): T {
    const copy = structuredClone(settings);
    for (const path of PATH_SETTINGS) resolvePath(copy as Record<string, unknown>, path, this.#folder);
    return copy;
  }
}

/** The raw settings that `profile: iis` puts under the file. */
function iisDefaults(): RawSettings {
  let defaults: RawSettings = {};
  for (const { path, meta } of SETTINGS) {
    if (meta.iis === undefined || path.includes('*')) continue;
    const written = parseDocument(meta.iis).toJS() as unknown;
    defaults = merge(
      defaults,
      path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), written) as RawSettings,
    );
  }
  return defaults;
}

/** Objects are merged name by name; anything else, also a list, is replaced. */
function merge(under: RawSettings, over: RawSettings): RawSettings {
  const result: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = result[name];
    result[name] = isRawSettings(below) && isRawSettings(value) ? merge(below, value) : value;
  }
  return result;
}

function pick(settings: RawSettings, wanted: (name: string) => boolean): RawSettings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => wanted(name)));
}

function isRawSettings(value: unknown): value is RawSettings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function has(settings: RawSettings, path: readonly PropertyKey[]): boolean {
  let here: unknown = settings;
  for (const name of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return false;
    here = (here as Record<PropertyKey, unknown>)[name];
  }
  return true;
}

function resolvePath(settings: Record<string, unknown>, path: readonly string[], folder: string): void {
  const [name, ...rest] = path;
  const value = settings[name!];
  if (name === '*') {
    for (const item of Object.values(settings)) if (isRawSettings(item)) resolvePath(item, rest, folder);
  } else if (rest.length > 0) {
    if (isRawSettings(value)) resolvePath(value, rest, folder);
  } else if (typeof value === 'string' && !isAbsolute(value)) {
    settings[name!] = resolve(folder, value);
  }
}

/** Values are echoed only when they are short and cannot be a secret. */
function isShown(input: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof input) && String(input).length <= 60;
}

function lineOf(
  document: Document.Parsed,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const name of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(name));
      if (pair === undefined) break;
      offset = isNode(pair.key) ? pair.key.range?.[0] : offset;
      node = pair.value;
    } else if (isNode(node)) {
      const item: unknown = document.getIn([...path.slice(0, path.indexOf(name)), name], true);
      if (!isNode(item)) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

function didYouMean(parent: readonly PropertyKey[], key: string): string {
  const depth = parent.length;
  const siblings = new Set(
    SETTINGS.filter((row: SettingRow) =>
      parent.every((name, index) => row.path[index] === name || row.path[index] === '*'),
    )
      .map((row) => row.path[depth])
      .filter((name) => name !== undefined && name !== '*'),
  );
  if (depth === 0) siblings.add('servers');
  const nearest = [...siblings]
    .map((name) => ({ name: name!, distance: editDistance(name!.toLowerCase(), key.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest !== undefined && nearest.distance <= Math.max(2, key.length / 3)
    ? `; did you mean '${nearest.name}'?`
    : '';
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, substitution));
    }
    row = next;
  }
  return row[b.length]!;
}
