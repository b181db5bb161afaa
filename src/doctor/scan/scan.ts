/**
 * `mailroot doctor --scan`: reads a tree of source files and lists every place that sends mail, and what is wrong there.
 * Owns: which files are read and how, includes, type libraries of global.asa, asking whether a local port answers.
 * Leaves: languages and faults (the other files of this folder), printing (cli).
 * Fails: a file that cannot be read is named among the skipped; the scan goes on.
 */
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve } from 'node:path';
import { cdoConstants } from '../../cdo/index.ts';
import { CDONTS_CONSTANTS } from '../../cdonts/index.ts';
import { decodeWindowsText } from '../../import/index.ts';
import { analyse, isThisMachine, type SendFound } from './analysis.ts';
import { FAULTS, type Fault, type FaultKind } from './faults.ts';
import { type Page, type PageScript, plainScript, readPage } from './page.ts';
import { readScript } from './repair.ts';
import { readDotnetConfig, readPhpIni, type SettingsFound } from './settings-files.ts';

export type SendPlace = Omit<SendFound, 'at'> & { readonly file: string; readonly line: number };

export type ScanResult = {
  /** Files that were read. */
  readonly files: number;
  readonly places: readonly SendPlace[];
  readonly faults: readonly Fault[];
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
};

export type ScanOptions = {
  /** Whether something listens on this port of this machine. */
  readonly listens: (host: string, port: number) => Promise<boolean>;
};

const LARGEST_FILE = 4 * 1024 * 1024;
const MAX_FILES = 200_000;
const LEFT_OUT = /^(?:node_modules|\.git|\.svn|bower_components)$/i;
const CDO_LIBRARY =
  /cd000000-8b95-11d1-82db-00c04fb1625d|cdo for windows 2000|cdosys\.dll|^cdo\.(message|configuration)/;
const CDONTS_LIBRARY = /0e064add-9d99-11d0-abe5-00aa0064d470|cdo for nts|cdonts\.dll|^cdonts\./;
/** Pages without any of these words cannot create a mail object, and are not parsed. */
const MAIL_WORDS =
  /\bcdo|cdonts|jmail|persits|smtpsvg|softartisans|easymail|geocel|aspmail|schemas\.microsoft\.com\/cdo/i;

/** Scans the file or folder at `root` (absolute). Paths in the result are relative to it. */
export async function scanTree(root: string, options: ScanOptions): Promise<ScanResult> {
  const scanner = new Scanner(root);
  scanner.run();
  return scanner.finish(options);
}

class Scanner {
  readonly #root: string;
  readonly #base: string;
  readonly #pages = new Map<string, Page>();
  readonly #included = new Set<string>();
  readonly #places = new Map<string, SendPlace>();
  readonly #faults = new Map<string, Fault>();
  readonly #skipped: { file: string; reason: string }[] = [];
  readonly #asa = new Map<string, Page>();
  #files = 0;

  constructor(root: string) {
    this.#root = root;
    this.#base = statSync(root).isDirectory() ? root : dirname(root);
  }

  run(): void {
    const files = [...this.#walk(this.#root)];
    // Includes are known before an .inc file is judged by itself.
    for (const file of files) if (!/\.inc$/i.test(file)) this.#open(file);
    for (const file of files) if (/\.inc$/i.test(file) && !this.#included.has(file)) this.#open(file);
    for (const [file, page] of this.#pages) this.#judge(file, page);
  }

  async finish({ listens }: ScanOptions): Promise<ScanResult> {
    const asked = new Map<string, Promise<boolean>>();
    for (const place of this.#places.values()) {
      const { server, route } = place;
      if ((route !== 'port' && route !== 'component') || server === undefined || !isThisMachine(server))
        continue;
      const port = place.port ?? 25;
      const key = `${server} ${port}`;
      const answer =
        asked.get(key) ?? listens(server.replace(/^\.$/, 'localhost').replace(/[[\]]/g, ''), port);
      asked.set(key, answer);
      if (!(await answer)) this.#fault('nobody-listens', place.file, place.line, `${server}, port ${port}`);
    }
    const byPlace = (a: { file: string; line: number }, b: { file: string; line: number }): number =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line;
    return {
      files: this.#files,
      places: [...this.#places.values()].sort(byPlace),
      faults: [...this.#faults.values()].sort(byPlace),
      skipped: this.#skipped,
    };
  }

  *#walk(path: string): Generator<string> {
    if (!statSync(path).isDirectory()) {
      yield path;
      return;
    }
    let entries: Dirent[];
    try {
      entries = readdirSync(path, { withFileTypes: true });
    } catch (thrown) {
      this.#skip(path, (thrown as Error).message);
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) {
        if (!LEFT_OUT.test(entry.name)) yield* this.#walk(child);
      } else if (entry.isFile() && /\.(asp|asa|vbs|inc|js|wsf|wsc|config)$|^php\.ini$/i.test(entry.name))
        yield child;
    }
  }

  #open(file: string): void {
    if (this.#files >= MAX_FILES) return;
    this.#files += 1;
    const bytes = this.#read(file);
    if (bytes === undefined) return;
    if (/\.config$/i.test(file)) this.#settings(file, readDotnetConfig(bytes));
    else {
      const text = this.#decode(file, bytes);
      if (text === undefined) return;
      if (/php\.ini$/i.test(file)) this.#settings(file, readPhpIni(text));
      else this.#pages.set(file, this.#page(file, text));
    }
  }

  #page(file: string, text: string): Page {
    if (/\.vbs$/i.test(file)) return plainScript(file, text, 'vbscript');
    if (/\.js$/i.test(file)) return plainScript(file, text, 'jscript');
    // An include without a block of its own is plain script, taken in by a script element.
    if (/\.inc$/i.test(file) && !/<%|<script|<!--/i.test(text)) return plainScript(file, text, 'vbscript');
    const page = readPage(file, text, (name, how, from) => this.#include(name, how, from));
    for (const included of page.included) this.#included.add(included);
    if (/global\.asa$/i.test(file)) this.#asa.set(dirname(file), page);
    return page;
  }

  #include(name: string, how: 'file' | 'virtual', from: string): { file: string; text: string } | undefined {
    const path = normalize(name.replaceAll('\\', '/'));
    const file =
      how === 'file' ? resolve(dirname(from), path) : resolve(this.#base, path.replace(/^\/+/, ''));
    // Never outside of what was named.
    if (relative(this.#base, file).startsWith('..')) return undefined;
    const found = statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : anyCase(file);
    const bytes = found === undefined ? undefined : this.#read(found);
    const text = bytes === undefined ? undefined : this.#decode(found!, bytes);
    return text === undefined ? undefined : { file: found!, text };
  }

  #judge(file: string, page: Page): void {
    const libraries = [
      ...page.typeLibraries,
      ...this.#applicationOf(file).flatMap((asa) => asa.typeLibraries),
    ];
    const constants = new Map<string, string | number>();
    const known = new Map<string, string | number>();
    const add = (into: Map<string, string | number>, from: Readonly<Record<string, unknown>>): void => {
      for (const [name, value] of Object.entries(from)) {
        if (typeof value === 'string' || typeof value === 'number') into.set(name.toLowerCase(), value);
      }
    };
    add(known, CDONTS_CONSTANTS);
    add(known, cdoConstants());
    if (libraries.some((name) => CDONTS_LIBRARY.test(name))) add(constants, CDONTS_CONSTANTS);
    if (libraries.some((name) => CDO_LIBRARY.test(name))) add(constants, cdoConstants());
    const objects = new Map([
      ...this.#applicationOf(file).flatMap((asa) => [...asa.objects]),
      ...page.objects,
    ]);
    for (const { progId, origin } of page.objects.values()) {
      if (/^cdonts\./i.test(progId)) this.#fault('object-missing', origin.file, origin.line, progId);
    }
    for (const script of page.scripts)
      this.#judgeScript(script, { constants, knownConstants: known, objects });
  }

  #judgeScript(script: PageScript, surroundings: Parameters<typeof analyse>[1]): void {
    const hasMailObject = [...surroundings.objects.values()].some(({ progId }) => MAIL_WORDS.test(progId));
    if (!MAIL_WORDS.test(script.source) && !hasMailObject) return;
    const { tree, faults, lineOf } = readScript(script.language, script.source);
    const place = (line: number): { file: string; line: number } => {
      const origin = script.origins[line - 1] ?? script.origins.at(-1)!;
      return { file: origin.file, line: origin.line };
    };
    for (const { kind, line, found } of faults) this.#faultAt(kind, place(line), found);
    if (tree === undefined) return;
    const analysis = analyse(tree, surroundings);
    for (const { kind, at, found } of analysis.faults) this.#faultAt(kind, place(lineOf(at)), found);
    for (const { at, ...send } of analysis.sends) {
      const { file, line } = place(lineOf(at));
      this.#place({ ...send, file: this.#name(file), line });
    }
  }

  #settings(file: string, found: SettingsFound): void {
    for (const place of found.places) this.#place({ ...place, file: this.#name(file) });
    for (const { kind, line, found: text } of found.faults) this.#faultAt(kind, { file, line }, text);
  }

  /** global.asa of the folder of a page and of those above it. */
  #applicationOf(file: string): Page[] {
    return [...this.#asa]
      .filter(([folder]) => !relative(folder, file).startsWith('..'))
      .map(([, page]) => page);
  }

  #place(place: SendPlace): void {
    const key = `${place.file}:${place.line}:${place.object}`;
    const before = this.#places.get(key);
    // The same line reached twice: keep what says more.
    if (before === undefined || (before.route === 'default' && place.route !== 'default'))
      this.#places.set(key, place);
  }

  #faultAt(kind: FaultKind, { file, line }: { file: string; line: number }, found: string): void {
    this.#fault(kind, this.#name(file), line, found);
  }

  #fault(kind: FaultKind, file: string, line: number, found: string): void {
    const name = file.startsWith('/') || /^[a-z]:/i.test(file) ? this.#name(file) : file;
    const key = `${kind} ${name}:${line}`;
    if (!this.#faults.has(key)) this.#faults.set(key, { kind, file: name, line, found });
  }

  #name(file: string): string {
    return relative(this.#base, file).replaceAll('\\', '/');
  }

  #read(file: string): Buffer | undefined {
    try {
      const { size } = statSync(file);
      if (size <= LARGEST_FILE) return readFileSync(file);
      this.#skip(file, `larger than ${LARGEST_FILE} bytes`);
    } catch (thrown) {
      this.#skip(file, (thrown as Error).message);
    }
    return undefined;
  }

  #decode(file: string, bytes: Buffer): string | undefined {
    const text = decodeWindowsText(bytes);
    if (text.ok) return text.value.replace(/^\ufeff/, '');
    this.#skip(file, text.reason);
    return undefined;
  }

  #skip(file: string, reason: string): void {
    this.#skipped.push({ file: this.#name(file), reason });
  }
}

/** Windows finds `CDO.inc` by the name `cdo.inc`. */
function anyCase(file: string): string | undefined {
  try {
    const wanted = file.slice(dirname(file).length + 1).toLowerCase();
    const name = readdirSync(dirname(file)).find((candidate) => candidate.toLowerCase() === wanted);
    return name === undefined ? undefined : join(dirname(file), name);
  } catch {
    return undefined;
  }
}

/** A fault with its explanation, for people and programs. */
export function explainFault(fault: Fault): Fault & (typeof FAULTS)[FaultKind] {
  return { ...fault, ...FAULTS[fault.kind] };
}
