/**
 * A page with scripts in it → one script for each language, with the origin of every line.
 * Owns: `<% %>` blocks, script elements that run on the server, includes, METADATA tags, object elements, WSF jobs.
 * Leaves: reading files (the caller gives a function), the languages (vbscript-tree.ts, jscript-tree.ts).
 * Fails: never; what cannot be included is named.
 * Sources: doc "Active Server Pages: server-side includes, METADATA, object"; doc "Windows Script File format".
 */

export type Language = 'vbscript' | 'jscript';

export type Origin = { readonly file: string; readonly line: number };

export type PageScript = {
  readonly language: Language;
  readonly source: string;
  /** Where line `index + 1` of the source came from. */
  readonly origins: readonly Origin[];
};

export type Page = {
  readonly scripts: readonly PageScript[];
  /** UUIDs, file names and ProgIDs of type libraries that the page imports, lower case. */
  readonly typeLibraries: readonly string[];
  /** Objects that elements create: id → ProgID. */
  readonly objects: ReadonlyMap<string, { readonly progId: string; readonly origin: Origin }>;
  /** Files that were included. */
  readonly included: readonly string[];
  readonly missing: readonly { readonly name: string; readonly origin: Origin }[];
};

/** Text of an included file and its path, or undefined. `from` is the including file. */
export type ReadInclude = (
  name: string,
  how: 'file' | 'virtual',
  from: string,
) => { readonly file: string; readonly text: string } | undefined;

const MAX_DEPTH = 30;
const MAX_FILES = 500;

export function readPage(file: string, text: string, readInclude: ReadInclude): Page {
  return new PageReader(readInclude).read(file, text);
}

/** A plain script file. */
export function plainScript(file: string, text: string, language: Language): Page {
  const origins = text.split('\n').map((_, index) => ({ file, line: index + 1 }));
  return {
    scripts: [{ language, source: text, origins }],
    typeLibraries: [],
    objects: new Map(),
    included: [],
    missing: [],
  };
}

/** How each piece begins. Where it ends is looked for with indexOf, so that no page takes more than one pass. */
const OPENING =
  /<%@|<%=|<%|<!--\s*#include\s+(file|virtual)\s*=\s*["']?|<!--\s*METADATA\b|<script\b|<object\b|<reference\b/gi;

class PageReader {
  readonly #readInclude: ReadInclude;
  readonly #lines: Record<Language, { text: string[]; origins: Origin[] }> = {
    vbscript: { text: [], origins: [] },
    jscript: { text: [], origins: [] },
  };
  readonly #typeLibraries: string[] = [];
  readonly #objects = new Map<string, { progId: string; origin: Origin }>();
  readonly #included: string[] = [];
  readonly #missing: { name: string; origin: Origin }[] = [];
  #language: Language = 'vbscript';

  constructor(readInclude: ReadInclude) {
    this.#readInclude = readInclude;
  }

  read(file: string, text: string): Page {
    this.#walk(file, text, []);
    const scripts = (['vbscript', 'jscript'] as const).flatMap((language) => {
      const { text: lines, origins } = this.#lines[language];
      return lines.length === 0 ? [] : [{ language, source: lines.join('\n'), origins }];
    });
    return {
      scripts,
      typeLibraries: this.#typeLibraries,
      objects: this.#objects,
      included: this.#included,
      missing: this.#missing,
    };
  }

  #walk(file: string, text: string, parents: readonly string[]): void {
    const line = lineCounter(text);
    const endless = new Set<string>();
    /** Offset of `ending` behind `from`; a missing one is looked for only once. */
    const find = (ending: string, from: number): number => {
      if (endless.has(ending)) return -1;
      const at = text.indexOf(ending, from);
      if (at < 0) endless.add(ending);
      return at;
    };
    const opening = new RegExp(OPENING);
    let done = 0;
    for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
      const at = match.index;
      const inside = at + match[0].length;
      const word = match[0].toLowerCase();
      const ending = word.startsWith('<%') ? '%>' : word.startsWith('<!--') ? '-->' : '>';
      const end = find(ending, inside);
      if (end < 0) continue;
      this.#markup(text.slice(done, at), { file, line: line(done) });
      const content = text.slice(inside, end);
      const origin = { file, line: line(at) };
      done = end + ending.length;
      if (word === '<%@') this.#language = languageOf(attribute(content, 'language')) ?? this.#language;
      else if (word.startsWith('<%')) this.#block(content, word === '<%=', { file, line: line(inside) });
      else if (match[1] !== undefined) {
        const name = /^[^"'>\s]*/.exec(content)![0];
        this.#include(name, match[1].toLowerCase() as 'file' | 'virtual', origin, parents);
      } else if (word.startsWith('<!--')) this.#library(content);
      else if (word === '<script') {
        const close = find('</script', done);
        const body = close < 0 ? '' : text.slice(done, close);
        const runs = isScriptHost(file) || isServerSide(content);
        if (runs) this.#script(content, body, { file, line: line(done) }, origin, parents);
        // A script for the browser may hold blocks for the server: go on inside of it.
        if (runs && close >= 0) done = find('>', close) + 1 || text.length;
      } else if (word === '<object') this.#object(content, origin, isScriptHost(file));
      else this.#reference(content);
      opening.lastIndex = done;
    }
    this.#markup(text.slice(done), { file, line: line(done) });
  }

  /** HTML between blocks: a statement, so that If … Then of one block and End If of the next stay whole. */
  #markup(html: string, origin: Origin): void {
    if (html.trim() === '') return;
    const language = this.#language;
    if (this.#lines[language].text.length > 0)
      this.#add(language, language === 'vbscript' ? 'Response.Write ""' : 'Response.Write("");', origin);
  }

  #block(code: string, isOutput: boolean, origin: Origin): void {
    const language = this.#language;
    if (isOutput) {
      const text = code.trim();
      this.#addLines(
        language,
        language === 'vbscript' ? `Response.Write ${text}` : `Response.Write(${text});`,
        origin,
      );
    } else this.#addLines(language, code, origin);
  }

  #script(
    attributes: string,
    script: string,
    inside: Origin,
    origin: Origin,
    parents: readonly string[],
  ): void {
    const language = languageOf(attribute(attributes, 'language')) ?? this.#language;
    const source = attribute(attributes, 'src');
    if (source !== undefined) {
      const found = this.#readInclude(source, source.startsWith('/') ? 'virtual' : 'file', origin.file);
      if (found === undefined) this.#missing.push({ name: source, origin });
      else if (parents.length < MAX_DEPTH) this.#addFile(found, language);
      return;
    }
    this.#addLines(
      language,
      script.replace(/^\s*(?:<!\[CDATA\[|<!--)/, '').replace(/(?:\]\]>|-->)\s*$/, ''),
      inside,
    );
  }

  #addFile(found: { file: string; text: string }, language: Language): void {
    this.#included.push(found.file);
    this.#addLines(language, found.text, { file: found.file, line: 1 });
  }

  #include(name: string, how: 'file' | 'virtual', origin: Origin, parents: readonly string[]): void {
    const found = this.#readInclude(name, how, origin.file);
    if (found === undefined) {
      this.#missing.push({ name, origin });
      return;
    }
    if (parents.includes(found.file) || parents.length >= MAX_DEPTH || this.#included.length >= MAX_FILES)
      return;
    this.#included.push(found.file);
    this.#walk(found.file, found.text, [...parents, found.file]);
  }

  #library(metadata: string): void {
    for (const name of ['uuid', 'file', 'name']) {
      const value = attribute(metadata, name);
      if (value !== undefined) this.#typeLibraries.push(value.toLowerCase().replace(/[{}]/g, ''));
    }
  }

  #reference(attributes: string): void {
    for (const name of ['object', 'guid']) {
      const value = attribute(attributes, name);
      if (value !== undefined) this.#typeLibraries.push(value.toLowerCase().replace(/[{}]/g, ''));
    }
  }

  #object(attributes: string, origin: Origin, inScriptHost: boolean): void {
    const id = attribute(attributes, 'id');
    const progId = attribute(attributes, 'progid');
    const runs = inScriptHost || isServerSide(attributes);
    if (id !== undefined && progId !== undefined && runs)
      this.#objects.set(id.toLowerCase(), { progId, origin });
  }

  #addLines(language: Language, code: string, origin: Origin): void {
    for (const [index, text] of code.split('\n').entries()) {
      this.#add(language, text.replace(/\r$/, ''), { file: origin.file, line: origin.line + index });
    }
  }

  #add(language: Language, text: string, origin: Origin): void {
    this.#lines[language].text.push(text);
    this.#lines[language].origins.push(origin);
  }
}

function isScriptHost(file: string): boolean {
  return /\.ws[fc]$/i.test(file);
}

function isServerSide(attributes: string): boolean {
  return /\brunat\s*=\s*["']?server/i.test(attributes);
}

function languageOf(name: string | undefined): Language | undefined {
  if (name === undefined) return undefined;
  return /^(jscript|javascript|ecmascript)/i.test(name)
    ? 'jscript'
    : /^vb/i.test(name)
      ? 'vbscript'
      : undefined;
}

function attribute(text: string, name: string): string | undefined {
  const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>"']+))`, 'i').exec(text);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

/** Line (1-based) of ascending offsets. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let done = 0;
  return (at) => {
    if (at < done) {
      line = 1;
      done = 0;
    }
    for (; done < at; done += 1) if (text.charCodeAt(done) === 10) line += 1;
    return line;
  };
}
