/**
 * Nodes of a document: text, typed values, changing and searching the tree.
 * Owns: MSXML's view of a node – `text`, `xml`, `nodeTypedValue`, selectNodes.  Leaves: the tree to @xmldom/xmldom, XPath to xpath.
 * Fails: AutomationError with source msxml3.dll.
 * Sources: doc "IXMLDOMNode Members"; doc "nodeTypedValue Property".
 */
import { type Attr, type Document, type Element, type Node, XMLSerializer } from '@xmldom/xmldom';
import xpath from 'xpath';
import {
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  dateValue,
  Scalar,
  VT,
} from '../../automation/index.ts';
import { textOf } from '../arguments.ts';

export const XML_SOURCE = 'msxml3.dll';

export const NODE = {
  element: 1,
  attribute: 2,
  text: 3,
  cdata: 4,
  entityReference: 5,
  instruction: 7,
  comment: 8,
  document: 9,
  doctype: 10,
  fragment: 11,
} as const;

const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'element',
  2: 'attribute',
  3: 'text',
  4: 'cdatasection',
  5: 'entityreference',
  7: 'processinginstruction',
  8: 'comment',
  9: 'document',
  10: 'documenttype',
  11: 'documentfragment',
};

export function xmlError(hresult: number, text: string): AutomationError {
  return new AutomationError(hresult, text, { source: XML_SOURCE });
}

const NAME = /^[\p{L}_:][\p{L}\p{M}\p{N}_:.\u00b7-]*$/u;

/** A name an element, attribute or instruction may have; anything else would print as other markup. */
export function requireXmlName(name: string): string {
  if (!NAME.test(name))
    throw xmlError(
      0x8000_4005 | 0,
      `This name may not contain the '${/[^\p{L}\p{N}]/u.exec(name)?.[0] ?? ''}' character: ${name}`,
    );
  return name;
}

/** What a node needs of the document it belongs to. */
export interface NodeOwner {
  readonly dom: Document;
  readonly preserveWhiteSpace: boolean;
  /** Prefixes for searches, from the property SelectionNamespaces. */
  readonly selectionNamespaces: Readonly<Record<string, string>>;
  /** True when searches are written in the old XSLPattern language, MSXML 3's default. */
  readonly usesXslPattern: boolean;
  /** The face of any node of this document, always the same for the same node. */
  readonly faceOf: (node: Node | null) => AutomationValue;
  readonly documentFace: () => AutomationObject;
  readonly wrap: (node: Node) => XmlNode;
}

/** A node with its owner; one per node. */
export class XmlNode {
  readonly node: Node;
  readonly owner: NodeOwner;
  /** Set by the script; decides how nodeTypedValue reads and writes. */
  dataType = '';

  constructor(node: Node, owner: NodeOwner) {
    this.node = node;
    this.owner = owner;
  }

  get element(): Element {
    return this.node as Element;
  }

  get typeName(): string {
    return TYPE_NAMES[this.node.nodeType] ?? '';
  }

  get text(): string {
    const text = textBelow(this.node);
    return this.owner.preserveWhiteSpace || this.node.nodeType === NODE.attribute ? text : text.trim();
  }

  set text(value: string) {
    const { node } = this;
    if (node.nodeType === NODE.element || node.nodeType === NODE.fragment) {
      while (node.firstChild !== null) node.removeChild(node.firstChild);
      if (value !== '') node.appendChild(this.owner.dom.createTextNode(value));
    } else this.value = value;
  }

  /** nodeValue: Null for nodes that have none. */
  get value(): string | null {
    const { nodeType } = this.node;
    if (
      nodeType === NODE.element ||
      nodeType === NODE.document ||
      nodeType === NODE.fragment ||
      nodeType === NODE.doctype
    )
      return null;
    return this.node.nodeValue ?? '';
  }

  set value(text: string) {
    if (this.value === null)
      throw xmlError(0x8000_4005 | 0, 'This operation cannot be performed with a node of this type.');
    if (this.node.nodeType === NODE.attribute) {
      (this.node as Attr).value = text;
      (this.node as Attr).nodeValue = text;
    } else {
      this.node.nodeValue = text;
      (this.node as unknown as { data: string }).data = text;
      (this.node as unknown as { length: number }).length = text.length;
    }
  }

  get typedValue(): AutomationValue {
    const text = this.text;
    switch (this.dataType) {
      case 'bin.base64':
        return new Uint8Array(Buffer.from(text, 'base64'));
      case 'bin.hex':
        return new Uint8Array(Buffer.from(text.replace(/\s+/g, ''), 'hex'));
      case 'int':
      case 'i4':
      case 'i2':
      case 'ui1':
      case 'ui2':
        return Math.trunc(Number(text));
      case 'number':
      case 'r4':
      case 'r8':
      case 'float':
        return new Scalar(VT.double, Number(text));
      case 'boolean':
        return text === '1' || text === 'true';
      case 'date':
      case 'dateTime':
      case 'dateTime.tz':
        return dateValue(new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text));
      default:
        return this.value === null || this.node.nodeType === NODE.element ? text : this.value;
    }
  }

  set typedValue(value: AutomationValue) {
    if (value instanceof Uint8Array) {
      const bytes = Buffer.from(value);
      // compat: MSXML breaks base64 after 72 characters with a bare LF.
      this.text =
        this.dataType === 'bin.hex'
          ? bytes.toString('hex')
          : bytes.toString('base64').replace(/.{72}(?=.)/g, '$&\n');
      return;
    }
    if (this.dataType === 'boolean')
      this.text = textOf(value).toLowerCase() === 'true' || textOf(value) === '-1' ? '1' : '0';
    else this.text = textOf(value);
  }

  get xml(): string {
    return serialize(this.node);
  }

  select(expression: string): Node[] {
    const resolver = {
      lookupNamespaceURI: (prefix: string | null) =>
        (prefix !== null && this.owner.selectionNamespaces[prefix]) ||
        (this.node.nodeType === NODE.document
          ? this.owner.dom.documentElement
          : this.node
        )?.lookupNamespaceURI?.(prefix ?? '') ||
        null,
    };
    try {
      const query = this.owner.usesXslPattern ? xpathOfPattern(expression) : expression;
      const found = xpath.selectWithResolver(query, this.node as never, resolver as never, false);
      if (!Array.isArray(found)) throw new Error('the expression does not select nodes');
      return (found as unknown as Node[]).filter((node) => node.nodeType !== 13);
    } catch (thrown) {
      const detail = thrown instanceof Error ? thrown.message : String(thrown);
      throw xmlError(0x8000_4005 | 0, `Unexpected token in the expression '${expression}': ${detail}`);
    }
  }
}

/** What XSLPattern writes differently, outside of texts: indexes from 0, end(), index(), $and$, $or$, $eq$ … */
function xpathOfPattern(pattern: string): string {
  const words: Readonly<Record<string, string>> = {
    and: 'and',
    or: 'or',
    eq: '=',
    ne: '!=',
    lt: '<',
    le: '<=',
    gt: '>',
    ge: '>=',
  };
  return pattern.replace(
    /"[^"]*"|'[^']*'|\[\s*(\d+)\s*\]|\[\s*end\(\)\s*\]|\bindex\(\)|\$(and|or|eq|ne|lt|le|gt|ge)\$/g,
    (whole, index: string | undefined, word: string | undefined) => {
      if (index !== undefined) return `[${Number(index) + 1}]`;
      if (word !== undefined) return words[word]!;
      if (whole.startsWith('[')) return '[last()]';
      return whole.startsWith('index') ? '(position() - 1)' : whole;
    },
  );
}

function textBelow(node: Node): string {
  if (node.nodeType === NODE.comment || node.nodeType === NODE.instruction) return node.nodeValue ?? '';
  if (node.firstChild === null || node.nodeType === NODE.attribute) return node.nodeValue ?? '';
  const parts: string[] = [];
  for (let child: Node | null = node.firstChild; child !== null; child = child.nextSibling) {
    if (
      child.nodeType === NODE.comment ||
      child.nodeType === NODE.instruction ||
      child.nodeType === NODE.doctype
    )
      continue;
    parts.push(textBelow(child));
  }
  return parts.join('');
}

/** As MSXML prints: no encoding in the declaration, since the text has none, and a line end after each top-level node. */
function serialize(node: Node): string {
  const serializer = new XMLSerializer();
  if (node.nodeType !== NODE.document) return serializer.serializeToString(node as never);
  const parts: string[] = [];
  for (let child: Node | null = node.firstChild; child !== null; child = child.nextSibling) {
    let text = serializer.serializeToString(child as never);
    if (child.nodeType === NODE.instruction && child.nodeName === 'xml')
      text = text.replace(/\s+encoding\s*=\s*(?:"[^"]*"|'[^']*')/, '');
    parts.push(`${text}\r\n`);
  }
  return parts.join('');
}
