/**
 * XML text or bytes → a document tree, or the parse error MSXML reports.
 * Owns: encoding, the guards against hostile documents, error numbers.  Leaves: parsing itself to @xmldom/xmldom.
 * Fails: a bad document is a ParseError value, never a throw.
 * Sources: doc "Extensible Markup Language 1.0" §4.3.3; doc "MSXML error messages".
 */
import { DOMParser, type Document, ParseError as LibraryParseError, type Node } from '@xmldom/xmldom';
import iconv from 'iconv-lite';

export type XmlParseError = {
  readonly errorCode: number;
  readonly reason: string;
  /** 1-based; 0 when the place is unknown. */
  readonly line: number;
  readonly linepos: number;
  readonly srcText: string;
  readonly url: string;
};

export const NO_PARSE_ERROR: XmlParseError = {
  errorCode: 0,
  reason: '',
  line: 0,
  linepos: 0,
  srcText: '',
  url: '',
};

export type XmlParseOptions = {
  readonly url: string;
  readonly preserveWhiteSpace: boolean;
  /** MSXML 6 refuses any DOCTYPE unless ProhibitDTD is turned off. */
  readonly prohibitDtd: boolean;
};

export type XmlParseResult = { readonly document: Document } | { readonly error: XmlParseError };

/** Deepest nesting of elements taken; the objects walk trees, and MSXML 6 stops at 256. */
const MAX_DEPTH = 256;
const MAX_CHARACTERS = 32 * 1024 * 1024;

/** MSXML's number and text for what the parser complains about, first match wins. */
const COMPLAINTS: readonly (readonly [
  pattern: RegExp,
  code: number,
  reason: (match: RegExpExecArray) => string,
])[] = [
  [/missing root element/, 0xc00c_e558 | 0, () => 'XML document must have a top level element.'],
  [
    /unclosed xml tag\(s\): ([^"]*)/,
    0xc00c_e553 | 0,
    (match) => `The following tags were not closed: ${match[1]}.`,
  ],
  [
    /tag mismatch: "([^"]*)" != "([^"]*)"/,
    0xc00c_e56d | 0,
    (match) => `End tag '${match[2]}' does not match the start tag '${match[1]}'.`,
  ],
  [/Attribute (\S+) redefined/, 0xc00c_e554 | 0, () => 'Duplicate attribute.'],
  [/Only one element/, 0xc00c_e555 | 0, () => 'Only one top level element is allowed in an XML document.'],
  [/entity not found:&?(\S*?);/, 0xc00c_e002 | 0, (match) => `Reference to undefined entity '${match[1]}'.`],
  [
    /prefix is non-null and namespace is null/,
    0xc00c_e01d | 0,
    () => 'Reference to undeclared namespace prefix.',
  ],
  [
    /missed quot/,
    0xc00c_e504 | 0,
    () => 'A string literal was expected, but no opening quote character was found.',
  ],
  [
    /(?:Unexpected content outside root|non-whitespace character|text data outside)/i,
    0xc00c_e556 | 0,
    () => 'Invalid at the top level of the document.',
  ],
];

const INVALID_CHARACTER = 0xc00c_e508 | 0;

class Complaint extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

export function parseXmlBytes(bytes: Buffer, options: XmlParseOptions): XmlParseResult {
  return parseXml(decodeXml(bytes), options);
}

export function parseXml(source: string, options: XmlParseOptions): XmlParseResult {
  const fail = (code: number, reason: string, line = 0, column = 0): XmlParseResult => ({
    error: {
      errorCode: code,
      reason: `${reason}\r\n`,
      line,
      linepos: column,
      srcText: line > 0 ? (source.split('\n')[line - 1] ?? '').replace(/\r$/, '') : '',
      url: options.url,
    },
  });
  if (source.length > MAX_CHARACTERS)
    return fail(0x8007_000e | 0, 'Not enough storage is available to complete this operation.');
  const doctype = /<!DOCTYPE[^[>]*(\[)?/.exec(source);
  if (doctype !== null && options.prohibitDtd) return fail(0xc00c_e584 | 0, 'DTD is prohibited.');
  // Entities are how a small document becomes a huge one, or names a file of the machine; no mail script declares any.
  if (doctype?.[1] !== undefined && /<!ENTITY/.test(source))
    return fail(0xc00c_e584 | 0, 'DTD is prohibited: the document declares entities.');
  const control =
    /&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));|[\0-\x08\x0b\x0c\x0e-\x1f]/i.exec(
      source,
    );
  if (control !== null) {
    const before = source.slice(0, control.index).split('\n');
    return fail(
      INVALID_CHARACTER,
      'An invalid character was found in text content.',
      before.length,
      before.at(-1)!.length + 1,
    );
  }
  try {
    const document = new DOMParser({
      onError: (_level, message, context: { locator?: { lineNumber?: number; columnNumber?: number } }) => {
        throw new Complaint(message, context.locator?.lineNumber ?? 0, context.locator?.columnNumber ?? 0);
      },
    }).parseFromString(source.replace(/^\ufeff/, ''), 'text/xml');
    if (depthOf(document) > MAX_DEPTH)
      return fail(0xc00c_e586 | 0, `The element nesting is deeper than ${MAX_DEPTH}.`);
    if (!options.preserveWhiteSpace) dropWhiteSpace(document);
    return { document };
  } catch (thrown) {
    if (!(thrown instanceof Complaint) && !(thrown instanceof LibraryParseError)) throw thrown;
    const locator =
      thrown instanceof Complaint ? { lineNumber: thrown.line, columnNumber: thrown.column } : thrown.locator;
    for (const [pattern, code, reason] of COMPLAINTS) {
      const match = pattern.exec(thrown.message);
      if (match) return fail(code, reason(match), locator?.lineNumber ?? 0, locator?.columnNumber ?? 0);
    }
    return fail(INVALID_CHARACTER, thrown.message, locator?.lineNumber ?? 0, locator?.columnNumber ?? 0);
  }
}

/** The text of an XML file: byte-order mark, then the declaration, then UTF-8. */
function decodeXml(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return iconv.decode(bytes, 'utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return iconv.decode(bytes, 'utf16be');
  const declared = /^<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(
    bytes.toString('latin1', 0, 200),
  )?.[1];
  const isUsable =
    declared !== undefined && iconv.encodingExists(declared) && !/^(?:utf-?16|ucs)/i.test(declared);
  return iconv.decode(bytes, isUsable ? declared : 'utf8');
}

function depthOf(document: Document): number {
  let deepest = 0;
  let depth = 0;
  let node: Node | null = document;
  while (node !== null) {
    if (node.firstChild !== null) {
      node = node.firstChild;
      depth += 1;
      deepest = Math.max(deepest, depth);
      continue;
    }
    while (node !== null && node.nextSibling === null) {
      node = node.parentNode;
      depth -= 1;
    }
    node = node?.nextSibling ?? null;
  }
  return deepest;
}

/** Text between elements that only indents them is no content, unless xml:space or the script asks to keep it. */
function dropWhiteSpace(document: Document): void {
  const drop = (node: Node): void => {
    for (let child = node.firstChild; child !== null; ) {
      const next: Node | null = child.nextSibling;
      if (child.nodeType === 3 && /^\s*$/.test(child.nodeValue ?? '')) node.removeChild(child);
      else if (child.nodeType === 1 && !keepsWhiteSpace(child)) drop(child);
      child = next;
    }
  };
  drop(document);
}

function keepsWhiteSpace(node: Node): boolean {
  return (
    (node as unknown as { getAttribute(name: string): string | null }).getAttribute('xml:space') ===
    'preserve'
  );
}
