/**
 * From a page and its includes to one script text per language, with the origin of every line.
 * Owns: including, the order of blocks, HTML blocks by number, server-side objects, type libraries.
 * Leaves: cutting files (scanner), compiling (page-cache), global.asa's rules for what may stand there (page/global-asa).
 * Fails: TemplateProblem with file and line.
 *
 * Order of running: blocks of other languages first, then the default language: inline code in page order, then its
 * `<script runat=server>` blocks (doc "Writing script with multiple languages": only procedures can rely on any order).
 */
import { type LibraryName, metadataTags } from '../../objects/index.ts';
import type { LineOrigin } from '../../vbscript/index.ts';
import { TemplateProblem } from '../errors.ts';
import { NO_DIRECTIVES, type PageDirectives, readDirectives, sniffCodePage } from './directives.ts';
import { FORMS, languageNamed, type PageLanguage } from './languages.ts';
import { type PageObject, readObject } from './objects.ts';
import { type Segment, scan } from './scanner.ts';
import { markedCodePage, pageText, resolveVirtual, type SiteFile, type SiteFiles } from './site-files.ts';

export type AssembledUnit = {
  readonly language: PageLanguage;
  readonly source: string;
  /** Origin of line n at n - 1. */
  readonly origins: readonly LineOrigin[];
};

export type AssembledPage = {
  readonly path: string;
  readonly directives: PageDirectives;
  /** The code page in which the page's literals were read and are written. */
  readonly codePage: number | undefined;
  /** In order of running; the last is that of the default language. */
  readonly units: readonly AssembledUnit[];
  readonly html: readonly string[];
  readonly objects: readonly PageObject[];
  readonly libraries: readonly LibraryName[];
  /** Every file that the page is made of. */
  readonly files: readonly { readonly host: string; readonly stamp: string }[];
  /** The page itself, where its own text is asked for. */
  readonly mentionsSession: boolean;
};

export type AssembleOptions = {
  readonly files: SiteFiles;
  readonly parentPaths: boolean;
  readonly language: PageLanguage;
  /** Code page of files that do not say theirs. */
  readonly codePage: number;
  readonly kind: 'page' | 'global';
};

/** Deepest nesting of includes, and most of them in a page; beyond either the page is refused as cyclic. */
const DEEPEST = 64;
const MOST_INCLUDES = 2000;

export function assemble(page: SiteFile, options: AssembleOptions): AssembledPage {
  return new Assembly(page, options).run();
}

type Piece = { readonly text: string; readonly file: string; readonly line: number };

/** Script of one language on its way: inline pieces in order, then blocks. */
type Draft = { readonly inline: Inline[]; readonly blocks: Piece[] };
type Inline = { readonly kind: 'code' | 'expression' | 'html'; readonly piece: Piece };

class Assembly {
  readonly #page: SiteFile;
  readonly #options: AssembleOptions;
  readonly #codePage: number;
  readonly #ownCodePage: number | undefined;
  readonly #inline: Inline[] = [];
  readonly #blocks: { readonly language: PageLanguage | undefined; readonly piece: Piece }[] = [];
  readonly #html: string[] = [];
  readonly #objects: PageObject[] = [];
  readonly #libraries = new Set<LibraryName>();
  readonly #files = new Map<string, string>();
  #directives: PageDirectives | undefined;
  #hasScript = false;
  #includes = 0;
  #mentionsSession = false;
  #lastLine = 1;

  constructor(page: SiteFile, options: AssembleOptions) {
    this.#page = page;
    this.#options = options;
    const marked = markedCodePage(page.bytes);
    this.#ownCodePage = sniffCodePage(page.bytes) ?? (marked === undefined ? undefined : 65001);
    this.#codePage = this.#ownCodePage ?? options.codePage;
  }

  run(): AssembledPage {
    this.#read(this.#page, [this.#page.host]);
    const directives = this.#directives ?? NO_DIRECTIVES;
    const language = directives.language ?? this.#options.language;
    return {
      path: this.#page.path,
      directives,
      codePage: this.#ownCodePage,
      units: this.#units(language),
      html: this.#html,
      objects: this.#objects,
      libraries: [...this.#libraries],
      files: Array.from(this.#files, ([host, stamp]) => ({ host, stamp })),
      mentionsSession: this.#mentionsSession,
    };
  }

  #read(file: SiteFile, way: readonly string[]): void {
    this.#files.set(file.host, file.stamp);
    const text = pageText(file.bytes, this.#codePage);
    if (file === this.#page) this.#lastLine = text.trimEnd().split(/\r\n|\r|\n/).length;
    this.#mentionsSession ||= /\bsession\b/i.test(text);
    for (const segment of scan(text, file.path)) this.#take(segment, file, way);
  }

  #take(segment: Segment, file: SiteFile, way: readonly string[]): void {
    const place = { file: file.path, line: segment.line };
    const isGlobal = this.#options.kind === 'global';
    switch (segment.kind) {
      case 'html':
        if (!isGlobal) this.#inline.push({ kind: 'html', piece: { ...place, text: segment.text } });
        return;
      case 'code':
      case 'expression':
        if (isGlobal) throw new TemplateProblem(137, place);
        this.#hasScript = true;
        this.#inline.push({ kind: segment.kind, piece: { ...place, text: segment.text } });
        return;
      case 'directive':
        if (this.#directives !== undefined) throw new TemplateProblem(141, place);
        if (this.#hasScript) throw new TemplateProblem(140, place);
        this.#directives = readDirectives(segment.attributes, place);
        return;
      case 'include':
        this.#include(segment, file, way);
        return;
      case 'metadata':
        this.#metadata(segment.text, place);
        return;
      case 'script':
        this.#hasScript = true;
        this.#script(segment, file);
        return;
      case 'object':
        this.#objects.push(readObject(segment.attributes, place, this.#options.kind));
    }
  }

  #include(segment: Extract<Segment, { kind: 'include' }>, file: SiteFile, way: readonly string[]): void {
    const place = { file: file.path, line: segment.line };
    if (segment.from === 'file' && /^[\\/]/.test(segment.path))
      throw new TemplateProblem(130, place, segment.path);
    const included = this.#find(segment.from, segment.path, file, place);
    this.#includes += 1;
    if (way.includes(included.host) || way.length > DEEPEST || this.#includes > MOST_INCLUDES)
      throw new TemplateProblem(135, place, segment.path);
    this.#read(included, [...way, included.host]);
  }

  #find(
    from: 'file' | 'virtual',
    given: string,
    file: SiteFile,
    place: { file: string; line: number },
  ): SiteFile {
    const path = given.replaceAll('\\', '/');
    if (path.split('/').includes('..') && !this.#options.parentPaths)
      throw new TemplateProblem(131, place, given);
    const base = from === 'file' ? file.path.slice(0, file.path.lastIndexOf('/') + 1) : '/';
    const resolved = resolveVirtual(path.startsWith('/') ? path : base + path);
    const found = resolved === undefined ? undefined : this.#options.files.read(resolved);
    if (found === undefined) throw new TemplateProblem(126, place, given);
    return found;
  }

  #metadata(text: string, place: { file: string; line: number }): void {
    const tags = metadataTags(text);
    if (tags.length === 0 && this.#options.kind === 'global') throw new TemplateProblem(243, place);
    if (tags.length === 0) this.#inline.push({ kind: 'html', piece: { ...place, text } });
    for (const { reference, library } of tags) {
      if (reference === '') throw new TemplateProblem(222, place);
      if (library === undefined) throw new TemplateProblem(223, place);
      this.#libraries.add(library);
    }
  }

  #script(segment: Extract<Segment, { kind: 'script' }>, file: SiteFile): void {
    const place = { file: file.path, line: segment.line };
    const language = segment.language === undefined ? undefined : languageNamed(segment.language);
    if (segment.language !== undefined && language === undefined)
      throw new TemplateProblem(129, place, segment.language);
    if (segment.src === undefined) {
      this.#blocks.push({ language, piece: { ...place, text: segment.text } });
      return;
    }
    const from = /^[\\/]/.test(segment.src) ? 'virtual' : 'file';
    const source = this.#find(from, segment.src, file, place);
    this.#files.set(source.host, source.stamp);
    const text = pageText(source.bytes, this.#codePage);
    this.#blocks.push({ language, piece: { text, file: source.path, line: 1 } });
  }

  #units(language: PageLanguage): AssembledUnit[] {
    const drafts = new Map<PageLanguage, Draft>();
    const draft = (of: PageLanguage): Draft => {
      const known = drafts.get(of) ?? { inline: [], blocks: [] };
      drafts.set(of, known);
      return known;
    };
    for (const block of this.#blocks)
      if ((block.language ?? language) !== language) draft(block.language!).blocks.push(block.piece);
    const own = draft(language);
    own.inline.push(...this.#inline);
    for (const block of this.#blocks)
      if ((block.language ?? language) === language) own.blocks.push(block.piece);
    const end = { file: this.#page.path, line: this.#lastLine };
    return Array.from(drafts, ([of, { inline, blocks }]) =>
      new Writer(of, this.#html).unit(inline, blocks, end),
    );
  }
}

/** Writes the script text of one language. */
class Writer {
  readonly #language: PageLanguage;
  readonly #html: string[];
  readonly #lines: string[] = [];
  readonly #origins: LineOrigin[] = [];

  constructor(language: PageLanguage, html: string[]) {
    this.#language = language;
    this.#html = html;
  }

  /** `end` is where an error at the end of the text is placed: what was opened is not closed in the whole page. */
  unit(inline: readonly Inline[], blocks: readonly Piece[], end: LineOrigin): AssembledUnit {
    const first = inline.findIndex(({ kind }) => kind !== 'html');
    const isBare = inline.slice(0, Math.max(first, 0)).every(({ piece }) => piece.text.trim() === '');
    const heads = [...(first >= 0 && isBare ? [inline[first]!.piece] : []), ...blocks];
    const explicit = this.#language === 'vbscript' ? heads.find(isExplicit) : undefined;
    if (explicit !== undefined) this.#add('Option Explicit', explicit, lineOfExplicit(explicit));
    const { block, write } = FORMS[this.#language];
    for (const [index, { kind, piece }] of inline.entries()) {
      if (kind === 'html') {
        if (isBetweenSelectAndCase(piece, inline[index - 1], this.#language)) continue;
        this.#html.push(piece.text);
        this.#push(block(this.#html.length - 1), { file: piece.file, line: piece.line });
      } else if (kind === 'code') this.#code(piece);
      else this.#code({ ...piece, text: write[0] + piece.text + write[1] });
    }
    for (const piece of blocks) this.#code(piece);
    this.#push('', end);
    return { language: this.#language, source: this.#lines.join('\n'), origins: this.#origins };
  }

  #code(piece: Piece): void {
    const text =
      this.#language === 'vbscript' && isExplicit(piece)
        ? piece.text.replace(EXPLICIT, (whole, lead: string) => lead + ' '.repeat(whole.length - lead.length))
        : piece.text;
    let { line } = piece;
    for (const part of text.split(/\r\n|\r|\n/)) {
      this.#push(part, { file: piece.file, line });
      line += 1;
    }
  }

  #add(text: string, piece: Piece, line: number): void {
    this.#push(text, { file: piece.file, line });
  }

  #push(text: string, origin: LineOrigin): void {
    this.#lines.push(text);
    this.#origins.push(origin);
  }
}

/**
 * `Option Explicit` with nothing but comments before it. It must be the first statement, while the line break behind a
 * directive would come before it as HTML; so it is moved to the top.
 */
const EXPLICIT = /^((?:\s|'[^\r\n]*|rem\b[^\r\n]*)*)option\s+explicit\b/i;

function isExplicit(piece: Piece): boolean {
  return EXPLICIT.test(piece.text);
}

function lineOfExplicit(piece: Piece): number {
  return piece.line + (EXPLICIT.exec(piece.text)![1]!.match(/\r\n|\r|\n/g)?.length ?? 0);
}

/** compat: white space between `Select Case` and its first `Case` is no statement. */
function isBetweenSelectAndCase(html: Piece, before: Inline | undefined, language: PageLanguage): boolean {
  return (
    language === 'vbscript' &&
    html.text.trim() === '' &&
    before?.kind === 'code' &&
    /(?:^|[\s:])select\s+case\b[^\r\n:]*$/i.test(before.piece.text.trimEnd())
  );
}
