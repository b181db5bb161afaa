/**
 * Reads XML that came from elsewhere, within bounds.
 * Owns: the bounds (size, depth, attributes, length of a value), positions, the refusal of every document type.
 * Leaves: what elements mean (metabase.ts, and the scan of web.config in the doctor).
 * A document type is refused whole: no entity but the five of XML is ever expanded, nothing outside the file is read.
 * Fails: ParseResult with line and column in the reason.
 * Sources: doc "XML 1.0 (fifth edition)"; the parser is saxes (docs/decisions/0340).
 */
import { SaxesParser } from 'saxes';
import { type ParseResult, parsed, unparsed } from '../base/index.ts';
import { decodeXmlBytes } from './text-encoding.ts';

export type XmlElement = {
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  readonly attributes: ReadonlyMap<string, string>;
  /** The line on which the value of each attribute ends. */
  readonly attributeLines: ReadonlyMap<string, number>;
  readonly children: readonly XmlElement[];
};

export const XML_BOUNDS = {
  bytes: 64 * 1024 * 1024,
  depth: 64,
  elements: 500_000,
  attributesPerElement: 2_000,
  valueLength: 4 * 1024 * 1024,
} as const;

type Growing = Omit<XmlElement, 'children'> & { readonly children: Growing[] };

/** The elements at the top of the document; several when `text` is a fragment somebody cut out of a file. */
export function readXml(bytes: Buffer): ParseResult<readonly XmlElement[]> {
  if (bytes.length > XML_BOUNDS.bytes) return unparsed(tooLarge(bytes.length), 0);
  const decoded = decodeXmlBytes(bytes);
  if (!decoded.ok) return decoded;
  return readXmlText(decoded.value);
}

/** What is said of a file that is too large to be read. */
export function tooLarge(bytes: number): string {
  return `the file has ${bytes} bytes and ${XML_BOUNDS.bytes} are the most that is read; cut out the part that belongs to the mail service`;
}

export function readXmlText(text: string): ParseResult<readonly XmlElement[]> {
  const isDocument = /^\s*<(\?xml|!|configuration\b)/.test(text);
  const parser = isDocument
    ? new SaxesParser({ position: true })
    : new SaxesParser({ position: true, fragment: true });
  const top: Growing[] = [];
  const open: Growing[] = [];
  let count = 0;
  let line = 1;
  parser.on('doctype', () => {
    throw new Refusal(
      'a document type (<!DOCTYPE …>) is refused: no settings file needs one, and entities in it are an attack',
    );
  });
  parser.on('error', (error) => {
    // saxes puts `line:column: ` before its own sentence; the position is given once, by us.
    throw new Refusal(error.message.replace(/^\d+:\d+: /, ''));
  });
  parser.on('opentagstart', () => {
    line = parser.line;
    count += 1;
    if (count > XML_BOUNDS.elements) throw new Refusal(`more than ${XML_BOUNDS.elements} elements`);
    if (open.length >= XML_BOUNDS.depth)
      throw new Refusal(`elements nested more than ${XML_BOUNDS.depth} deep`);
  });
  let attributeLines = new Map<string, number>();
  parser.on('attribute', ({ name, value }) => {
    attributeLines.set(name, parser.line);
    if (attributeLines.size > XML_BOUNDS.attributesPerElement) {
      throw new Refusal(`an element with more than ${XML_BOUNDS.attributesPerElement} attributes`);
    }
    if (value.length > XML_BOUNDS.valueLength) {
      throw new Refusal(`an attribute value of more than ${XML_BOUNDS.valueLength} characters`);
    }
  });
  parser.on('opentag', (tag) => {
    const element: Growing = {
      name: tag.name,
      line,
      attributes: new Map(Object.entries(tag.attributes as Record<string, string>)),
      attributeLines,
      children: [],
    };
    attributeLines = new Map();
    (open.at(-1)?.children ?? top).push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  try {
    // In pieces, so that a bound ends the work early instead of after the whole text.
    for (let from = 0; from < text.length; from += 65_536) parser.write(text.slice(from, from + 65_536));
    parser.close();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return unparsed(`line ${parser.line}, column ${parser.column}: ${thrown.message}`, parser.position);
  }
  if (top.length === 0) return unparsed('the file holds no element', 0);
  return parsed(top);
}

class Refusal extends Error {}
