/**
 * Cuts the text of one page or include file into segments.
 * Owns: where script, expressions, directives, includes, server-side tags and HTML begin and end, and the line of each.
 * Leaves: including (assemble), what directives say (directives), the languages.
 * Fails: TemplateProblem 0116, 0117, 0118, 0127, 0128, 0138, 0234 with file and line.
 * Sources: KB 294271; doc "Creating ASP Pages"; observed: `--->` closes an include, quotes around its path may be missing.
 */
import { TemplateProblem } from '../errors.ts';
import { type Attribute, attributeOf, readAttributes } from './attributes.ts';

type At = {
  /** Line of the first character of `text`, 1-based. */
  readonly line: number;
};

export type Segment = At &
  (
    | { readonly kind: 'html'; readonly text: string }
    | { readonly kind: 'code'; readonly text: string }
    | { readonly kind: 'expression'; readonly text: string }
    | { readonly kind: 'directive'; readonly attributes: readonly Attribute[] }
    | { readonly kind: 'include'; readonly from: 'file' | 'virtual'; readonly path: string }
    | { readonly kind: 'metadata'; readonly text: string }
    | {
        readonly kind: 'script';
        readonly language: string | undefined;
        readonly src: string | undefined;
        readonly text: string;
      }
    | { readonly kind: 'object'; readonly attributes: readonly Attribute[] }
  );

/** What may begin something other than HTML. */
const OPENING = /<%|<!--\s*#\s*include\b|<!--\s*METADATA\b|<script\b|<object\b/gi;

/** The segments of `source` in order. `file` names it in errors. */
export function scan(source: string, file: string): Segment[] {
  return new Scanner(source, file).run();
}

class Scanner {
  readonly #source: string;
  readonly #file: string;
  readonly #segments: Segment[] = [];
  /** How far lines were counted. */
  #counted = { offset: 0, line: 1 };

  constructor(source: string, file: string) {
    this.#source = source;
    this.#file = file;
  }

  run(): Segment[] {
    const source = this.#source;
    let from = 0;
    const opening = new RegExp(OPENING);
    for (let match = opening.exec(source); match !== null; match = opening.exec(source)) {
      const end = this.#item(match, from);
      if (end === undefined) continue;
      from = end;
      opening.lastIndex = end;
    }
    this.#html(from, source.length);
    return this.#segments;
  }

  /** Reads what `match` opens; the offset behind it, or undefined when it is HTML after all. */
  #item(match: RegExpExecArray, htmlFrom: number): number | undefined {
    const start = match.index;
    const opened = match[0].toLowerCase();
    if (opened === '<%') {
      this.#html(htmlFrom, start);
      return this.#block(start);
    }
    if (opened.startsWith('<!--')) {
      this.#html(htmlFrom, start);
      return opened.includes('#') ? this.#include(start, match[0].length) : this.#metadata(start);
    }
    const tag = this.#tag(start);
    if (tag === undefined) return undefined;
    this.#html(htmlFrom, start);
    return opened === '<script' ? this.#script(start, tag) : this.#object(start, tag);
  }

  #html(from: number, to: number): void {
    if (from < to)
      this.#segments.push({ kind: 'html', text: this.#source.slice(from, to), line: this.#lineOf(from) });
  }

  /** `<% … %>` in its three forms. The end is the next `%>`, be it in a text or a comment. */
  #block(start: number): number {
    const end = this.#source.indexOf('%>', start + 2);
    const place = { file: this.#file, line: this.#lineOf(start) };
    if (end < 0) throw new TemplateProblem(116, place);
    const inside = this.#source.slice(start + 2, end);
    const first = inside.search(/\S/);
    const offset = start + 2 + Math.max(first, 0);
    switch (inside[first]) {
      case '@':
        this.#segments.push({
          kind: 'directive',
          attributes: readAttributes(inside.slice(first + 1), place),
          line: place.line,
        });
        break;
      case '=': {
        const text = this.#source.slice(offset + 1, end);
        const lead = text.search(/\S/);
        this.#segments.push({
          kind: 'expression',
          text: escaped(text.trim()),
          line: this.#lineOf(lead < 0 ? offset : offset + 1 + lead),
        });
        break;
      }
      default:
        this.#segments.push({ kind: 'code', text: escaped(inside), line: this.#lineOf(start + 2) });
    }
    return end + 2;
  }

  #include(start: number, length: number): number {
    const place = { file: this.#file, line: this.#lineOf(start) };
    const end = this.#source.indexOf('-->', start);
    if (end < 0) throw new TemplateProblem(127, place);
    // `--->` is seen, too; a path does not end in a hyphen.
    const inside = this.#source.slice(start + length, end).replace(/-+$/, '');
    const match = /^\s*(file|virtual)\s*=\s*(?:"([^"]*)"|'([^']*)'|["']?([^\s"']+)["']?)/i.exec(inside);
    const path = (match?.[2] ?? match?.[3] ?? match?.[4])?.trim();
    if (match === null || path === undefined || path === '') throw new TemplateProblem(128, place);
    const from = match[1]!.toLowerCase() === 'file' ? 'file' : 'virtual';
    this.#segments.push({ kind: 'include', from, path, line: place.line });
    return end + 3;
  }

  #metadata(start: number): number {
    const line = this.#lineOf(start);
    const end = this.#source.indexOf('-->', start);
    if (end < 0) throw new TemplateProblem(127, { file: this.#file, line });
    this.#segments.push({ kind: 'metadata', text: this.#source.slice(start, end + 3), line });
    return end + 3;
  }

  /** The tag at `start` when it runs at the server; undefined when it is the browser's. */
  #tag(start: number): { readonly attributes: Attribute[]; readonly end: number } | undefined {
    const end = this.#source.indexOf('>', start);
    const text = end < 0 ? this.#source.slice(start) : this.#source.slice(start, end);
    const place = { file: this.#file, line: this.#lineOf(start) };
    if (!/\brunat\s*=\s*["']?\s*server\b/i.test(text)) {
      // `data-runat` and the like are the browser's.
      if (/\srunat\s*=\s*["']?\s*\w/i.test(text)) throw new TemplateProblem(120, place);
      return undefined;
    }
    if (end < 0) throw new TemplateProblem(/^<script/i.test(text) ? 117 : 118, place);
    const attributes = readAttributes(text.replace(/^<\w+/, '').replace(/\/$/, ''), place);
    return { attributes, end: end + 1 };
  }

  #script(start: number, tag: { attributes: Attribute[]; end: number }): number {
    const place = { file: this.#file, line: this.#lineOf(start) };
    const close = /<\/script\s*>/gi;
    close.lastIndex = tag.end;
    const closing = close.exec(this.#source);
    const src = attributeOf(tag.attributes, 'src');
    const isEmpty = this.#source[tag.end - 2] === '/';
    if (closing === null && !isEmpty) throw new TemplateProblem(117, place);
    const bodyEnd = isEmpty ? tag.end : closing!.index;
    const body = this.#source.slice(tag.end, bodyEnd);
    const nested = /<%|<script\b[^>]*\brunat\s*=/i.exec(body);
    if (nested !== null)
      throw new TemplateProblem(138, { file: this.#file, line: this.#lineOf(tag.end + nested.index) });
    const include = /<!--\s*#\s*include\b/i.exec(body);
    if (include !== null)
      throw new TemplateProblem(234, { file: this.#file, line: this.#lineOf(tag.end + include.index) });
    this.#segments.push({
      kind: 'script',
      language:
        attributeOf(tag.attributes, 'language') ?? languageOfType(attributeOf(tag.attributes, 'type')),
      src,
      text: withoutComment(body),
      line: this.#lineOf(tag.end),
    });
    return isEmpty ? tag.end : closing!.index + closing![0].length;
  }

  #object(start: number, tag: { attributes: Attribute[]; end: number }): number {
    const line = this.#lineOf(start);
    this.#segments.push({ kind: 'object', attributes: tag.attributes, line });
    if (this.#source[tag.end - 2] === '/') return tag.end;
    const close = /<\/object\s*>/gi;
    close.lastIndex = tag.end;
    const closing = close.exec(this.#source);
    if (closing === null) throw new TemplateProblem(118, { file: this.#file, line });
    if (/<object\b/i.test(this.#source.slice(tag.end, closing.index)))
      throw new TemplateProblem(139, { file: this.#file, line });
    return closing.index + closing[0].length;
  }

  /** Lines are counted forwards from the last place asked for; asking for an earlier one starts anew. */
  #lineOf(offset: number): number {
    if (offset < this.#counted.offset) this.#counted = { offset: 0, line: 1 };
    let { line } = this.#counted;
    for (let at = this.#counted.offset; at < offset; at += 1) {
      const unit = this.#source.charCodeAt(at);
      if (unit === 10 || (unit === 13 && this.#source.charCodeAt(at + 1) !== 10)) line += 1;
    }
    this.#counted = { offset, line };
    return line;
  }
}

/** doc "Response.Write": `%\>` stands for `%>` in script. */
function escaped(code: string): string {
  return code.includes('%\\>') ? code.replaceAll('%\\>', '%>') : code;
}

/** Old browsers were kept from showing scripts by an HTML comment around them; its signs are no script. */
function withoutComment(body: string): string {
  return body
    .replace(/^(\s*)<!--[^\r\n]*/, '$1')
    .replace(/[^\r\n]*-->(\s*)$/, (whole, tail: string) =>
      /^\s*(?:\/\/|')?\s*-->/.test(whole) ? tail : whole,
    );
}

function languageOfType(type: string | undefined): string | undefined {
  return type === undefined ? undefined : /^\s*text\/(\S+)\s*$/i.exec(type)?.[1];
}
