/**
 * The members scripts see on nodes, node lists and attribute maps.
 * Owns: legacy names.  Leaves: what a node does (node), the document (document).
 * Sources: doc "IXMLDOMNode Members", "IXMLDOMElement Members", "IXMLDOMNodeList Members", "IXMLDOMNamedNodeMap Members".
 */
import type { Attr, CharacterData, Node } from '@xmldom/xmldom';
import {
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  isAutomationObject,
  type Member,
  NOTHING,
} from '../../automation/index.ts';
import { argumentValue, booleanAt, isBlank, longAt, plainOf, textAt, textOf } from '../arguments.ts';
import { runtimeError } from '../errors.ts';
import { NODE, type NodeOwner, requireXmlName, type XmlNode, xmlError } from './node.ts';

type NodeMember = Member<XmlNode>;

const nodesOfFaces = new WeakMap<AutomationObject, XmlNode>();

/** The node behind a face a script passes; error 424 for anything else. */
export function nodeBehind(argument: AutomationArgument): XmlNode {
  const value = argumentValue(argument);
  const node = isAutomationObject(value) ? nodesOfFaces.get(value) : undefined;
  if (node === undefined) throw runtimeError(424);
  return node;
}

export function rememberFace(face: AutomationObject, node: XmlNode): AutomationObject {
  nodesOfFaces.set(face, node);
  return face;
}

/** A list that a script indexes from 0 or walks with nextNode. */
class NodeSequence {
  readonly nodes: () => readonly Node[];
  readonly owner: NodeOwner;
  position = 0;

  constructor(owner: NodeOwner, nodes: () => readonly Node[]) {
    this.owner = owner;
    this.nodes = nodes;
  }

  next(): AutomationValue {
    const node = this.nodes()[this.position];
    if (node === undefined) return NOTHING;
    this.position += 1;
    return this.owner.faceOf(node);
  }
}

const SEQUENCE: Record<string, Member<NodeSequence>> = {
  length: { arity: [0, 0], get: (self) => self.nodes().length },
  item: { arity: [1, 1], get: (self, args) => self.owner.faceOf(self.nodes()[longAt(args, 0)] ?? null) },
  nextNode: { arity: [0, 0], call: (self) => self.next() },
  reset: {
    arity: [0, 0],
    call: (self) => {
      self.position = 0;
      return undefined;
    },
  },
};

const sequenceFace: (self: NodeSequence) => AutomationObject = automationFace<NodeSequence>({
  name: 'IXMLDOMNodeList',
  defaultMember: 'item',
  members: SEQUENCE,
  *enumerate(self) {
    for (let at = 0; at < self.nodes().length; at += 1) yield self.owner.faceOf(self.nodes()[at]!);
  },
});

/**
 * The children of a node as they are each time. They are gathered anew only when the document has changed, by its own count of
 * changes: going through a long list would take the square of its length otherwise.
 */
function childrenOf(node: Node): () => readonly Node[] {
  let children: readonly Node[] = [];
  let seen: number | undefined;
  return () => {
    const document = (node.ownerDocument ?? node) as unknown as { readonly _inc?: number };
    if (seen === undefined || seen !== document._inc) {
      children = Array.from(node.childNodes);
      seen = document._inc;
    }
    return children;
  };
}

/** The list of what was found, or a live one when `nodes` looks again each time. */
export function nodeList(owner: NodeOwner, nodes: () => readonly Node[]): AutomationObject {
  return sequenceFace(new NodeSequence(owner, nodes));
}

/** What selectNodes found: a list that can also be taken out of the tree. */
class Selection extends NodeSequence {
  readonly self: XmlNode;
  readonly expression: string;
  #found: readonly Node[];

  constructor(self: XmlNode, expression: string) {
    super(self.owner, () => this.#found);
    this.self = self;
    this.expression = expression;
    this.#found = self.select(expression);
  }

  peek(): AutomationValue {
    return this.owner.faceOf(this.nodes()[this.position] ?? null);
  }

  removeAll(): void {
    for (const node of this.#found) takeOut(node);
    this.#found = [];
    this.position = 0;
  }

  /** Takes out what nextNode would give. */
  removeNext(): AutomationValue {
    const node = this.nodes()[this.position];
    if (node === undefined) return NOTHING;
    takeOut(node);
    this.#found = this.#found.filter((each) => each !== node);
    return this.owner.faceOf(node);
  }

  /** The node under which the expression finds `node`, from itself upwards; Nothing when none does. */
  matches(node: Node): AutomationValue {
    for (let above: Node | null = node; above !== null; above = above.parentNode)
      if (this.owner.wrap(above).select(this.expression).includes(node)) return this.owner.faceOf(above);
    return NOTHING;
  }
}

function takeOut(node: Node): void {
  if (node.nodeType === NODE.attribute) {
    const attribute = node as Attr;
    changeTree(() => attribute.ownerElement?.removeAttributeNode(attribute));
  } else changeTree(() => node.parentNode?.removeChild(node));
}

const selectionFace: (self: Selection) => AutomationObject = automationFace<Selection>({
  name: 'IXMLDOMSelection',
  defaultMember: 'item',
  members: {
    ...(SEQUENCE as Record<string, Member<Selection>>),
    expr: { arity: [0, 0], get: (self) => self.expression },
    context: { arity: [0, 0], get: (self) => self.owner.faceOf(self.self.node) },
    peekNode: { arity: [0, 0], call: (self) => self.peek() },
    matches: { arity: [1, 1], call: (self, args) => self.matches(nodeBehind(args[0]).node) },
    removeNext: { arity: [0, 0], call: (self) => self.removeNext() },
    removeAll: { arity: [0, 0], call: (self) => self.removeAll() as undefined },
    clone: { arity: [0, 0], call: (self) => selectionFace(new Selection(self.self, self.expression)) },
  },
  *enumerate(self) {
    for (let at = 0; at < self.nodes().length; at += 1) yield self.owner.faceOf(self.nodes()[at]!);
  },
});

class AttributeMap extends NodeSequence {
  readonly self: XmlNode;

  constructor(self: XmlNode) {
    super(self.owner, () => Array.from(self.element.attributes));
    this.self = self;
  }
}

const attributeMapFace: (self: AttributeMap) => AutomationObject = automationFace<AttributeMap>({
  name: 'IXMLDOMNamedNodeMap',
  defaultMember: 'item',
  members: {
    ...(SEQUENCE as Record<string, Member<AttributeMap>>),
    getNamedItem: {
      arity: [1, 1],
      call: (map, args) => map.owner.faceOf(map.self.element.getAttributeNode(textAt(args, 0))),
    },
    getQualifiedItem: {
      arity: [2, 2],
      call: (map, args) =>
        map.owner.faceOf(map.self.element.getAttributeNodeNS(textAt(args, 1), textAt(args, 0))),
    },
    setNamedItem: { arity: [1, 1], call: (map, args) => setAttributeNode(map.self, args[0]) },
    removeNamedItem: {
      arity: [1, 1],
      call: (map, args) => removeAttribute(map.self, map.self.element.getAttributeNode(textAt(args, 0))),
    },
  },
  *enumerate(self) {
    for (const attribute of self.nodes()) yield self.owner.faceOf(attribute);
  },
});

const link = (read: (node: Node) => Node | null | undefined): NodeMember => ({
  arity: [0, 0],
  get: (self) => self.owner.faceOf(read(self.node) ?? null),
});

/** Members of every node, the document included. */
export const NODE_MEMBERS: Record<string, NodeMember> = {
  nodeName: {
    arity: [0, 0],
    get: ({ node }) => node.nodeName,
  },
  nodeType: { arity: [0, 0], get: ({ node }) => node.nodeType },
  nodeTypeString: { arity: [0, 0], get: (self) => self.typeName },
  nodeValue: {
    arity: [0, 0],
    get: (self) => self.value,
    put: (self, args) => {
      self.value = textAt(args, 0);
    },
  },
  nodeTypedValue: {
    arity: [0, 0],
    get: (self) => self.typedValue,
    put: (self, args) => {
      self.typedValue = plainOf(args[0]);
    },
  },
  dataType: {
    arity: [0, 0],
    get: (self) => (self.dataType === '' ? null : self.dataType),
    put: (self, args) => {
      self.dataType = textAt(args, 0);
    },
  },
  text: {
    arity: [0, 0],
    get: (self) => self.text,
    put: (self, args) => {
      self.text = isBlank(plainOf(args[0])) ? '' : textAt(args, 0);
    },
  },
  xml: { arity: [0, 0], get: (self) => self.xml },
  baseName: { arity: [0, 0], get: ({ node }) => (node as Attr).localName ?? node.nodeName },
  prefix: { arity: [0, 0], get: ({ node }) => (node as Attr).prefix ?? '' },
  namespaceURI: { arity: [0, 0], get: ({ node }) => (node as Attr).namespaceURI ?? '' },
  parsed: { arity: [0, 0], get: () => true },
  specified: { arity: [0, 0], get: () => true },
  definition: { arity: [0, 0], get: () => NOTHING },
  ownerDocument: {
    arity: [0, 0],
    get: (self) => (self.node.nodeType === NODE.document ? NOTHING : self.owner.documentFace()),
  },
  parentNode: link((node) => node.parentNode),
  firstChild: link((node) => node.firstChild),
  lastChild: link((node) => node.lastChild),
  previousSibling: link((node) => node.previousSibling),
  nextSibling: link((node) => node.nextSibling),
  childNodes: { arity: [0, 0], get: (self) => nodeList(self.owner, childrenOf(self.node)) },
  hasChildNodes: { arity: [0, 0], call: ({ node }) => node.firstChild !== null },
  attributes: {
    arity: [0, 0],
    get: (self) => (self.node.nodeType === NODE.element ? attributeMapFace(new AttributeMap(self)) : NOTHING),
  },
  selectNodes: {
    arity: [1, 1],
    call: (self, args) => selectionFace(new Selection(self, textAt(args, 0))),
  },
  selectSingleNode: {
    arity: [1, 1],
    call: (self, args) => self.owner.faceOf(self.select(textAt(args, 0))[0] ?? null),
  },
  appendChild: { arity: [1, 1], call: (self, args) => insert(self, args[0], null) },
  insertBefore: {
    arity: [2, 2],
    call: (self, args) =>
      insert(self, args[0], isBlank(argumentValue(args[1])) ? null : nodeBehind(args[1]).node),
  },
  replaceChild: {
    arity: [2, 2],
    call: (self, args) => {
      const old = nodeBehind(args[1]).node;
      const { node } = nodeBehind(args[0]);
      requireOutside(self.node, node);
      changeTree(() => self.node.replaceChild(adopt(self, node), old));
      return self.owner.faceOf(old);
    },
  },
  removeChild: {
    arity: [1, 1],
    call: (self, args) => {
      const child = nodeBehind(args[0]).node;
      changeTree(() => self.node.removeChild(child));
      return self.owner.faceOf(child);
    },
  },
  cloneNode: {
    arity: [1, 1],
    call: (self, args) => self.owner.faceOf(self.node.cloneNode(booleanAt(args, 0))),
  },
  transformNode: {
    arity: [1, 1],
    call: () => {
      throw xmlError(0x8000_4001 | 0, 'Style sheets are not carried out; build the text in the script.');
    },
  },
};

const ELEMENT_MEMBERS: Record<string, NodeMember> = {
  ...NODE_MEMBERS,
  tagName: { arity: [0, 0], get: ({ node }) => node.nodeName },
  getAttribute: {
    arity: [1, 1],
    // An attribute that is not there reads as Null.
    call: ({ element }, args) => element.getAttributeNode(textAt(args, 0))?.value ?? null,
  },
  setAttribute: {
    arity: [2, 2],
    call: ({ element }, args) => {
      changeTree(() => element.setAttribute(requireXmlName(textAt(args, 0)), textOf(plainOf(args[1]))));
      return undefined;
    },
  },
  removeAttribute: {
    arity: [1, 1],
    call: ({ element }, args) => element.removeAttribute(textAt(args, 0)) as undefined,
  },
  getAttributeNode: {
    arity: [1, 1],
    call: (self, args) => self.owner.faceOf(self.element.getAttributeNode(textAt(args, 0))),
  },
  setAttributeNode: { arity: [1, 1], call: (self, args) => setAttributeNode(self, args[0]) },
  removeAttributeNode: {
    arity: [1, 1],
    call: (self, args) => removeAttribute(self, nodeBehind(args[0]).node as Attr),
  },
  getElementsByTagName: {
    arity: [1, 1],
    call: (self, args) => {
      const name = textAt(args, 0);
      return nodeList(self.owner, () => Array.from(self.element.getElementsByTagName(name)));
    },
  },
  normalize: { arity: [0, 0], call: ({ node }) => node.normalize() as undefined },
};

const TEXT_MEMBERS: Record<string, NodeMember> = {
  ...NODE_MEMBERS,
  data: NODE_MEMBERS['nodeValue']!,
  length: { arity: [0, 0], get: (self) => (self.value ?? '').length },
  appendData: edit((text, args) => text + textAt(args, 0), [1, 1]),
  insertData: edit(
    (text, args) => text.slice(0, offset(text, args)) + textAt(args, 1) + text.slice(offset(text, args)),
    [2, 2],
  ),
  deleteData: edit(
    (text, args) => text.slice(0, offset(text, args)) + text.slice(offset(text, args) + longAt(args, 1)),
    [2, 2],
  ),
  replaceData: edit(
    (text, args) =>
      text.slice(0, offset(text, args)) + textAt(args, 2) + text.slice(offset(text, args) + longAt(args, 1)),
    [3, 3],
  ),
  substringData: {
    arity: [2, 2],
    call: (self, args) => {
      const text = self.value ?? '';
      return text.slice(offset(text, args), offset(text, args) + longAt(args, 1));
    },
  },
  splitText: {
    arity: [1, 1],
    call: (self, args) => {
      offset(self.value ?? '', args);
      return self.owner.faceOf(
        (self.node as CharacterData & { splitText(at: number): Node }).splitText(longAt(args, 0)),
      );
    },
  },
};

const faces: Readonly<Record<number, (self: XmlNode) => AutomationObject>> = {
  [NODE.element]: automationFace<XmlNode>({ name: 'IXMLDOMElement', members: ELEMENT_MEMBERS }),
  [NODE.attribute]: automationFace<XmlNode>({
    name: 'IXMLDOMAttribute',
    members: {
      ...NODE_MEMBERS,
      name: { arity: [0, 0], get: ({ node }) => node.nodeName },
      value: NODE_MEMBERS['nodeValue']!,
    },
  }),
  [NODE.text]: automationFace<XmlNode>({ name: 'IXMLDOMText', members: TEXT_MEMBERS }),
  [NODE.cdata]: automationFace<XmlNode>({ name: 'IXMLDOMCDATASection', members: TEXT_MEMBERS }),
  [NODE.comment]: automationFace<XmlNode>({ name: 'IXMLDOMComment', members: TEXT_MEMBERS }),
  [NODE.instruction]: automationFace<XmlNode>({
    name: 'IXMLDOMProcessingInstruction',
    members: {
      ...NODE_MEMBERS,
      target: { arity: [0, 0], get: ({ node }) => node.nodeName },
      data: NODE_MEMBERS['nodeValue']!,
    },
  }),
  [NODE.doctype]: automationFace<XmlNode>({
    name: 'IXMLDOMDocumentType',
    members: { ...NODE_MEMBERS, name: { arity: [0, 0], get: ({ node }) => node.nodeName } },
  }),
  [NODE.fragment]: automationFace<XmlNode>({ name: 'IXMLDOMDocumentFragment', members: NODE_MEMBERS }),
};

const plainFace = automationFace<XmlNode>({ name: 'IXMLDOMNode', members: NODE_MEMBERS });

/** The face of a node that is no document. */
export function faceOfNode(self: XmlNode): AutomationObject {
  return rememberFace((faces[self.node.nodeType] ?? plainFace)(self), self);
}

function edit(
  change: (text: string, args: readonly AutomationArgument[]) => string,
  arity: readonly [number, number],
): NodeMember {
  return {
    arity,
    call: (self, args) => {
      self.value = change(self.value ?? '', args);
      return undefined;
    },
  };
}

function offset(text: string, args: readonly AutomationArgument[]): number {
  const at = longAt(args, 0);
  if (at < 0 || at > text.length)
    throw xmlError(
      0x8007_0057 | 0,
      'The offset must be 0 or a positive number that is not greater than the number of characters in the data.',
    );
  return at;
}

function insert(self: XmlNode, argument: AutomationArgument, before: Node | null): AutomationValue {
  const child = nodeBehind(argument).node;
  requireOutside(self.node, child);
  changeTree(() => self.node.insertBefore(adopt(self, child), before));
  return self.owner.faceOf(child);
}

/** A node that were put under itself would be a ring that every walk goes round for ever. */
function requireOutside(place: Node, child: Node): void {
  // A node without children can be nobody's ancestor.
  const isLeaf = child.firstChild === null;
  for (let above: Node | null = place; above !== null; above = isLeaf ? null : above.parentNode)
    if (above === child)
      throw xmlError(0x8000_4005 | 0, 'Inserting a Node or its ancestor under itself is not allowed.');
}

/** A node of another document joins this one. */
function adopt(self: XmlNode, node: Node): Node {
  if (node.ownerDocument === self.owner.dom || node.ownerDocument === null) return node;
  const move = (each: Node): void => {
    (each as { ownerDocument: unknown }).ownerDocument = self.owner.dom;
    for (let child = each.firstChild; child !== null; child = child.nextSibling) move(child);
  };
  node.parentNode?.removeChild(node);
  move(node);
  return node;
}

function setAttributeNode(self: XmlNode, argument: AutomationArgument): AutomationValue {
  const attribute = nodeBehind(argument).node as Attr;
  if (attribute.nodeType !== NODE.attribute) throw runtimeError(13);
  const old = self.element.getAttributeNode(attribute.name);
  changeTree(() => self.element.setAttributeNode(attribute));
  return self.owner.faceOf(old === attribute ? null : old);
}

function removeAttribute(self: XmlNode, attribute: Attr | null): AutomationValue {
  if (attribute !== null) changeTree(() => self.element.removeAttributeNode(attribute));
  return self.owner.faceOf(attribute);
}

/** Runs a change of the tree; what the tree refuses becomes MSXML's error. */
export function changeTree<Value>(change: () => Value): Value {
  try {
    return change();
  } catch (thrown) {
    if (
      thrown instanceof Error &&
      /DOMException|HierarchyRequest|NotFound|InvalidCharacter|InUse|Namespace/.test(
        `${thrown.name} ${thrown.message}`,
      )
    )
      throw xmlError(0x8000_4005 | 0, `Unspecified error: ${thrown.message}`);
    throw thrown;
  }
}
