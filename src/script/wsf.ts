/**
 * Reads .wsf files: packages of jobs with scripts, objects, references and resources.
 * Owns: finding the elements as Windows Script Host does, leniently unless the file begins with an XML declaration.
 * Fails: with a WsfProblem that names the line and what is wrong.
 * Sources: doc "Windows Script Host: XML Elements".
 */

import { progIdOfClass } from '../objects/index.ts';

export type WsfScript = {
  /** The text, or where it is. */
  readonly text: string | undefined;
  readonly src: string | undefined;
  readonly language: string;
  /** Line of the file on which the text begins, 1-based. */
  readonly line: number;
};

export type WsfJob = {
  readonly id: string;
  readonly scripts: readonly WsfScript[];
  readonly objects: readonly { readonly id: string; readonly progId: string; readonly line: number }[];
  /** ProgIDs or GUIDs of type libraries whose constants the scripts see. */
  readonly references: readonly { readonly name: string; readonly line: number }[];
  readonly resources: ReadonlyMap<string, string>;
  /** What ShowUsage prints. */
  readonly usage: string;
};

/** What is wrong with a .wsf file. */
export class WsfProblem extends Error {
  override readonly name = 'WsfProblem';
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

type Element = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly start: number;
  /** Where the content lies; equal for an element that closes itself. */
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly end: number;
};

/** All jobs of the file in order; a file without job elements is one job. */
export function parseWsf(text: string): readonly WsfJob[] {
  const file: File = { text, outline: outlineOf(text) };
  const jobs = elements(file, 'job', 0, text.length);
  const found =
    jobs.length > 0
      ? jobs.map((job) => readJob(file, job.attributes.get('id') ?? '', job.contentStart, job.contentEnd))
      : [readJob(file, '', 0, text.length)];
  if (found.every((job) => job.scripts.length === 0))
    throw problem(text, 0, 'There is no script in this file: a <script> element in a <job> is expected.');
  return found;
}

/** The text, and its outline: the same with blanks for whatever might only look like elements of the file. */
type File = { readonly text: string; readonly outline: string };

/** Comments, CDATA sections and the texts of scripts become blanks of the same length and lines. */
function outlineOf(text: string): string {
  const blank = (found: string): string => found.replace(/[^\r\n]/g, ' ');
  const withoutData = text.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, blank);
  return withoutData.replace(
    /(<script\b(?:[^>"']|"[^"]*"|'[^']*')*>)([\s\S]*?)(<\/script\s*>)|<!--[\s\S]*?-->/gi,
    (found, open: string | undefined, body: string, close: string) =>
      open === undefined ? blank(found) : open.endsWith('/>') ? found : `${open}${blank(body)}${close}`,
  );
}

function readJob(file: File, id: string, from: number, to: number): WsfJob {
  const { text } = file;
  const resources = new Map<string, string>();
  for (const resource of elements(file, 'resource', from, to)) {
    const name = required(text, resource, 'id');
    resources.set(name, content(text, resource).replace(/^\s*\r?\n|\s+$/g, ''));
  }
  return {
    id,
    scripts: elements(file, 'script', from, to).map((script) => readScript(text, script)),
    objects: elements(file, 'object', from, to).map((object) => ({
      id: required(text, object, 'id'),
      progId: object.attributes.get('progid') ?? classOf(text, object),
      line: lineOf(text, object.start),
    })),
    references: elements(file, 'reference', from, to).map((reference) => ({
      name:
        reference.attributes.get('object') ??
        reference.attributes.get('guid') ??
        required(text, reference, 'object'),
      line: lineOf(text, reference.start),
    })),
    resources,
    usage: usageOf(file, from, to),
  };
}

function readScript(text: string, script: Element): WsfScript {
  const src = script.attributes.get('src');
  const language = script.attributes.get('language') ?? 'VBScript';
  const body = text.slice(script.contentStart, script.contentEnd);
  const cdata = /^\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*$/.exec(body);
  const start = script.contentStart + (cdata === null ? 0 : body.indexOf('<![CDATA[') + 9);
  return {
    text: src === undefined ? (cdata === null ? entities(text, body) : cdata[1]!) : undefined,
    src,
    language,
    line: lineOf(text, start),
  };
}

/** In a file with an XML declaration script text is XML, so &lt; means <. Without one it is taken as it stands. */
function entities(text: string, body: string): string {
  return /^\s*<\?xml\b/.test(text) ? decoded(body) : body;
}

function decoded(text: string): string {
  const names = new Map(Object.entries({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }));
  return text.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return names.get(name.toLowerCase()) ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function usageOf(file: File, from: number, to: number): string {
  const { text } = file;
  const runtime = elements(file, 'runtime', from, to)[0];
  if (runtime === undefined) return '';
  const inside = (name: string): string | undefined => {
    const found = elements(file, name, runtime.contentStart, runtime.contentEnd)[0];
    return found === undefined ? undefined : content(text, found).trim();
  };
  const own = inside('usage');
  if (own !== undefined) return `${own}\r\n`;
  const rows = [
    ...elements(file, 'named', runtime.contentStart, runtime.contentEnd).map((named) => ({
      name: `/${required(text, named, 'name')}${named.attributes.get('type')?.toLowerCase() === 'string' ? ':value' : ''}`,
      isRequired: named.attributes.get('required')?.toLowerCase() === 'true',
      help: named.attributes.get('helpstring') ?? '',
    })),
    ...elements(file, 'unnamed', runtime.contentStart, runtime.contentEnd).map((unnamed) => ({
      name: required(text, unnamed, 'name'),
      isRequired:
        unnamed.attributes.get('required') !== '0' &&
        unnamed.attributes.get('required')?.toLowerCase() !== 'false',
      help: unnamed.attributes.get('helpstring') ?? '',
    })),
  ];
  const description = inside('description');
  const example = inside('example');
  const words = rows.map(({ name, isRequired }) => (isRequired ? name : `[${name}]`)).join(' ');
  return [
    ...(description === undefined ? [] : [description, '']),
    `Usage: ${words}`,
    '',
    ...(rows.length === 0
      ? []
      : ['Options:', '', ...rows.map(({ name, help }) => `${name.padEnd(12)} : ${help}`), '']),
    ...(example === undefined ? [] : [example, '']),
  ].join('\r\n');
}

/** The elements of a name between two places, outermost only. */
function elements({ text, outline }: File, name: string, from: number, to: number): Element[] {
  const open = new RegExp(`<${name}(?=[\\s/>])`, 'gi');
  const close = new RegExp(`</${name}\\s*>`, 'gi');
  const found: Element[] = [];
  open.lastIndex = from;
  for (let match = open.exec(outline); match !== null && match.index < to; match = open.exec(outline)) {
    const tag = tagAt(text, match.index, name.length + 1);
    let contentEnd = tag.end;
    let end = tag.end;
    if (!tag.isClosed) {
      close.lastIndex = tag.end;
      const closing = close.exec(outline);
      if (closing === null || closing.index >= to)
        throw problem(text, match.index, `The <${name}> element is not closed: </${name}> is expected.`);
      contentEnd = closing.index;
      end = close.lastIndex;
    }
    found.push({
      name,
      attributes: tag.attributes,
      start: match.index,
      contentStart: tag.end,
      contentEnd,
      end,
    });
    open.lastIndex = end;
  }
  return found;
}

function tagAt(
  text: string,
  start: number,
  nameLength: number,
): { attributes: Map<string, string>; isClosed: boolean; end: number } {
  const attributes = new Map<string, string>();
  const part = /\s*(?:(\/?>)|([\w:.-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?)/y;
  part.lastIndex = start + nameLength;
  for (;;) {
    const match = part.exec(text);
    if (match === null)
      throw problem(text, start, 'This tag is not written as XML: a name="value" pair or > is expected.');
    if (match[1] !== undefined) return { attributes, isClosed: match[1] === '/>', end: part.lastIndex };
    attributes.set(match[2]!.toLowerCase(), decoded(match[3] ?? match[4] ?? match[5] ?? ''));
  }
}

function content(text: string, element: Element): string {
  const body = text.slice(element.contentStart, element.contentEnd);
  const cdata = /^\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*$/.exec(body);
  return cdata === null ? decoded(body) : cdata[1]!;
}

function required(text: string, element: Element, name: string): string {
  const value = element.attributes.get(name);
  if (value === undefined)
    throw problem(text, element.start, `The <${element.name}> element needs the attribute ${name}.`);
  return value;
}

function classOf(text: string, object: Element): string {
  const classId = object.attributes.get('classid');
  const progId = classId === undefined ? undefined : progIdOfClass(classId);
  if (progId !== undefined) return progId;
  throw problem(
    text,
    object.start,
    classId === undefined
      ? 'The <object> element needs the attribute progid or classid.'
      : `The class ${classId} is not known here; write its progid instead.`,
  );
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function problem(text: string, offset: number, message: string): WsfProblem {
  const lastBreak = text.lastIndexOf('\n', offset - 1);
  return new WsfProblem(message, lineOf(text, offset), offset - lastBreak);
}
