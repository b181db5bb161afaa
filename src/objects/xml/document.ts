/**
 * Microsoft.XMLDOM and MSXML2.DOMDocument.
 * Owns: load, loadXML, save, parseError, properties, creation of nodes.  Leaves: nodes (node-faces), parsing (parse), HTTP (http/exchange).
 * Fails: load and loadXML answer False and fill parseError; the rest throws AutomationError with source msxml3.dll.
 * Sources: doc "IXMLDOMDocument Members"; doc "setProperty Method".
 */
import { DOMImplementation, type Document, type Node } from '@xmldom/xmldom';
import iconv from 'iconv-lite';
import {
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  isAutomationObject,
  type Member,
  NOTHING,
} from '../../automation/index.ts';
import { argumentValue, booleanAt, numberText, plainOf, textAt, textOf } from '../arguments.ts';
import { runtimeError } from '../errors.ts';
import { HTTP_OPERATION, type HttpRequest, type HttpResponse } from '../http/exchange.ts';
import type { ObjectScope } from '../scope.ts';
import { NODE, type NodeOwner, requireXmlName, XmlNode, xmlError } from './node.ts';
import { changeTree, faceOfNode, NODE_MEMBERS, nodeBehind, nodeList, rememberFace } from './node-faces.ts';
import {
  NO_PARSE_ERROR,
  parseXml,
  parseXmlBytes,
  type XmlParseError,
  type XmlParseOptions,
} from './parse.ts';

const NOT_FOUND = [0x800c_0006 | 0, 'The system cannot locate the object specified.\r\n'] as const;
const ACCESS_DENIED = [0x8007_0005 | 0, 'Access is denied.\r\n'] as const;

/** Generations that differ: XSLPattern up to 3, XPath from 4 on, no DTDs in 6. */
type XmlVersion = 3 | 4 | 6;

type Properties = Record<string, AutomationValue>;

class XmlDocument implements NodeOwner {
  readonly scope: ObjectScope;
  dom: Document;
  preserveWhiteSpace = false;
  parseError: XmlParseError = NO_PARSE_ERROR;
  url = '';
  selectionNamespaces: Record<string, string> = {};
  /** Kept as given: async, validateOnParse, resolveExternals; loading is always at once and never validates. */
  readonly flags: Record<string, boolean> = { async: true, validateonparse: true, resolveexternals: false };
  readonly properties: Properties;
  readonly #nodes = new WeakMap<Node, XmlNode>();

  constructor(scope: ObjectScope, version: XmlVersion) {
    this.scope = scope;
    this.dom = emptyDocument();
    this.properties = {
      selectionlanguage: version === 3 ? 'XSLPattern' : 'XPath',
      prohibitdtd: version === 6,
    };
  }

  get usesXslPattern(): boolean {
    return this.properties['selectionlanguage'] === 'XSLPattern';
  }

  faceOf(node: Node | null): AutomationValue {
    if (node === null) return NOTHING;
    if (node === this.dom) return this.documentFace();
    return faceOfNode(this.wrap(node));
  }

  documentFace(): AutomationObject {
    return rememberFace(documentFace(this), this.wrap(this.dom));
  }

  wrap(node: Node): XmlNode {
    let wrapped = this.#nodes.get(node);
    if (wrapped === undefined) {
      wrapped = new XmlNode(node, this);
      this.#nodes.set(node, wrapped);
    }
    return wrapped;
  }

  loadText(source: string): boolean {
    return this.#take(parseXml(source, this.#options('')));
  }

  load(source: AutomationValue): boolean {
    if (isAutomationObject(source)) return this.#loadObject(source);
    if (source instanceof Uint8Array)
      return this.#take(parseXmlBytes(Buffer.from(source), this.#options('')));
    const place = textOf(source);
    try {
      const bytes = /^https?:/i.test(place) ? this.#fetch(place) : this.scope.files.readAll(pathOf(place));
      this.url = place;
      return this.#take(parseXmlBytes(bytes, this.#options(place)));
    } catch (thrown) {
      if (
        !(thrown instanceof AutomationError) &&
        typeof (thrown as { hresult?: unknown }).hresult !== 'number'
      )
        throw thrown;
      const isDenied =
        ((thrown as { hresult: number }).hresult & 0xffff) === 70 ||
        (thrown as { hresult: number }).hresult === ACCESS_DENIED[0];
      const [errorCode, reason] = isDenied ? ACCESS_DENIED : NOT_FOUND;
      return this.#take({ error: { ...NO_PARSE_ERROR, errorCode, reason, url: place } });
    }
  }

  save(target: AutomationValue): void {
    const declared = this.dom.firstChild;
    const isDeclared = declared?.nodeType === NODE.instruction && declared.nodeName === 'xml';
    const encoding = isDeclared
      ? /encoding\s*=\s*["']([^"']+)["']/.exec(declared.nodeValue ?? '')?.[1]
      : undefined;
    if (encoding !== undefined && !iconv.encodingExists(encoding))
      throw xmlError(0xc00c_e56f | 0, 'Encoding not supported.');
    const declaration = isDeclared ? `<?xml ${declared.nodeValue}?>\r\n` : '';
    const body = this.wrap(this.dom).xml.slice(isDeclared ? this.wrap(this.dom).xml.indexOf('\r\n') + 2 : 0);
    const bytes = iconv.encode(declaration + body, encoding ?? 'utf8', {
      addBOM: /^utf-?16/i.test(encoding ?? ''),
    });
    if (!isAutomationObject(target)) {
      this.scope.files.writeAll(pathOf(textOf(target)), bytes, 'replace');
      return;
    }
    if (target.has?.('loadXML')) target.invoke('call', 'loadXML', [this.wrap(this.dom).xml]);
    else if (target.has?.('BinaryWrite')) target.invoke('call', 'BinaryWrite', [new Uint8Array(bytes)]);
    else if (target.has?.('Write')) target.invoke('call', 'Write', [new Uint8Array(bytes)]);
    else throw runtimeError(13);
  }

  setProperty(name: string, value: AutomationValue): void {
    const key = name.toLowerCase();
    if (key === 'selectionnamespaces') this.selectionNamespaces = namespacesIn(textOf(value));
    this.properties[key] = value;
  }

  #loadObject(source: AutomationObject): boolean {
    if (source.has?.('documentElement')) return this.loadText(textOf(source.invoke('get', 'xml', [])));
    const bytes = source.has?.('BinaryRead')
      ? source.invoke('call', 'BinaryRead', [source.invoke('get', 'TotalBytes', [])])
      : source.invoke('call', 'Read', []);
    if (!(bytes instanceof Uint8Array)) throw runtimeError(13);
    return this.load(bytes);
  }

  #fetch(url: string): Buffer {
    const request: HttpRequest = {
      method: 'GET',
      url,
      headers: [],
      body: undefined,
      user: undefined,
      password: undefined,
      followRedirects: true,
      ignoreCertificate: false,
      connectTimeoutMs: 30_000,
      receiveTimeoutMs: 30_000,
    };
    const answer = this.scope.waiting.waitFor(HTTP_OPERATION, request) as HttpResponse;
    if (answer.status !== 200) throw xmlError(...NOT_FOUND);
    return Buffer.from(answer.body);
  }

  #options(url: string): XmlParseOptions {
    return {
      url,
      preserveWhiteSpace: this.preserveWhiteSpace,
      prohibitDtd: this.properties['prohibitdtd'] === true || this.properties['prohibitdtd'] === -1,
    };
  }

  #take(result: ReturnType<typeof parseXml>): boolean {
    if ('error' in result) {
      this.dom = emptyDocument();
      this.parseError = result.error;
      return false;
    }
    this.dom = result.document;
    this.parseError = NO_PARSE_ERROR;
    return true;
  }
}

function emptyDocument(): Document {
  return new DOMImplementation().createDocument(null, '', null) as Document;
}

/** A path, or a file: URL for one. */
function pathOf(place: string): string {
  const url = /^file:\/{2,3}(.*)$/i.exec(place);
  if (url === null) return place;
  try {
    return decodeURIComponent(url[1]!);
  } catch {
    return url[1]!;
  }
}

/** `xmlns:a='uri' xmlns:b="uri"` as SelectionNamespaces takes it. */
function namespacesIn(text: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [, prefix, , uri] of text.matchAll(/xmlns:([\w.-]+)\s*=\s*(["'])(.*?)\2/g))
    result[prefix!] = uri!;
  return result;
}

const parseErrorFace: (self: { error: XmlParseError }) => AutomationObject = automationFace<{
  error: XmlParseError;
}>({
  name: 'IXMLDOMParseError',
  defaultMember: 'errorCode',
  members: {
    errorCode: { arity: [0, 0], get: ({ error }) => error.errorCode },
    reason: { arity: [0, 0], get: ({ error }) => error.reason },
    line: { arity: [0, 0], get: ({ error }) => error.line },
    linepos: { arity: [0, 0], get: ({ error }) => error.linepos },
    filepos: { arity: [0, 0], get: () => 0 },
    srcText: { arity: [0, 0], get: ({ error }) => error.srcText },
    url: { arity: [0, 0], get: ({ error }) => error.url },
  },
});

type DocumentMember = Member<XmlDocument>;

function flag(name: string): DocumentMember {
  return {
    arity: [0, 0],
    get: (self) => self.flags[name]!,
    put: (self, args) => {
      self.flags[name] = booleanAt(args, 0);
    },
  };
}

function creator(
  create: (dom: Document, text: string, second: string) => Node,
  arity: readonly [number, number],
): DocumentMember {
  return {
    arity,
    call: (self, args) =>
      self.faceOf(changeTree(() => create(self.dom, textAt(args, 0, ''), textAt(args, 1, '')))),
  };
}

/** What every node has, on the document's own node. */
const inherited: Record<string, DocumentMember> = Object.fromEntries(
  Object.entries(NODE_MEMBERS).map(([name, member]) => [
    name,
    {
      ...(member.arity && { arity: member.arity }),
      ...(member.get && { get: (self: XmlDocument, args) => member.get!(self.wrap(self.dom), args) }),
      ...(member.put && { put: (self: XmlDocument, args) => member.put!(self.wrap(self.dom), args) }),
      ...(member.call && { call: (self: XmlDocument, args) => member.call!(self.wrap(self.dom), args) }),
    } satisfies DocumentMember,
  ]),
);

const documentFace: (self: XmlDocument) => AutomationObject = automationFace<XmlDocument>({
  name: 'DOMDocument',
  members: {
    ...inherited,
    load: { arity: [1, 1], call: (self, args) => self.load(argumentValue(args[0])) },
    loadXML: { arity: [1, 1], call: (self, args) => self.loadText(textAt(args, 0)) },
    save: { arity: [1, 1], call: (self, args) => self.save(argumentValue(args[0])) as undefined },
    abort: { arity: [0, 0], call: () => undefined },
    parseError: { arity: [0, 0], get: (self) => parseErrorFace({ error: self.parseError }) },
    documentElement: {
      arity: [0, 0],
      get: (self) => self.faceOf(self.dom.documentElement),
      put: (self, args) => {
        const root = nodeBehind(args[0]).node;
        changeTree(() => {
          if (self.dom.documentElement === null) self.dom.appendChild(root);
          else self.dom.replaceChild(root, self.dom.documentElement);
        });
      },
    },
    doctype: { arity: [0, 0], get: (self) => self.faceOf(self.dom.doctype) },
    url: { arity: [0, 0], get: (self) => self.url },
    readyState: { arity: [0, 0], get: () => 4 },
    async: flag('async'),
    validateOnParse: flag('validateonparse'),
    resolveExternals: flag('resolveexternals'),
    preserveWhiteSpace: {
      arity: [0, 0],
      get: (self) => self.preserveWhiteSpace,
      put: (self, args) => {
        self.preserveWhiteSpace = booleanAt(args, 0);
      },
    },
    onreadystatechange: { arity: [0, 0], put: () => undefined },
    ondataavailable: { arity: [0, 0], put: () => undefined },
    setProperty: {
      arity: [2, 2],
      call: (self, args) => self.setProperty(textAt(args, 0), plainOf(args[1])) as undefined,
    },
    getProperty: {
      arity: [1, 1],
      call: (self, args) => self.properties[textAt(args, 0).toLowerCase()],
    },
    createElement: creator((dom, name) => dom.createElement(requireXmlName(name)), [1, 1]),
    createAttribute: creator((dom, name) => dom.createAttribute(requireXmlName(name)), [1, 1]),
    createTextNode: creator((dom, text) => dom.createTextNode(text), [1, 1]),
    createCDATASection: creator((dom, text) => dom.createCDATASection(within(text, ']]>')), [1, 1]),
    createComment: creator((dom, text) => dom.createComment(within(text, '--')), [1, 1]),
    createProcessingInstruction: creator(
      (dom, target, data) => dom.createProcessingInstruction(requireXmlName(target), within(data, '?>')),
      [2, 2],
    ),
    createDocumentFragment: creator((dom) => dom.createDocumentFragment(), [0, 0]),
    createNode: {
      arity: [3, 3],
      call: (self, args) => createNode(self, plainOf(args[0]), textAt(args, 1), textAt(args, 2)),
    },
    importNode: {
      arity: [2, 2],
      call: (self, args) => self.faceOf(self.dom.importNode(nodeBehind(args[0]).node, booleanAt(args, 1))),
    },
    getElementsByTagName: {
      arity: [1, 1],
      call: (self, args) => {
        const name = textAt(args, 0);
        return nodeList(self, () => Array.from(self.dom.getElementsByTagName(name)));
      },
    },
    nodeFromID: {
      arity: [1, 1],
      call: (self, args) => self.faceOf(self.dom.getElementById(textAt(args, 0))),
    },
  },
});

/** Text that does not hold the mark which would end it. */
function within(text: string, end: string): string {
  if (text.includes(end)) throw xmlError(0x8000_4005 | 0, `This text may not contain '${end}'.`);
  return text;
}

/** createNode takes a number or a word for the type: 1 or "element". */
function createNode(
  self: XmlDocument,
  type: AutomationValue,
  name: string,
  namespace: string,
): AutomationValue {
  const word = typeof type === 'string' ? type.toLowerCase() : numberText(Number(textOf(type)), 15);
  const { dom } = self;
  const make = (): Node => {
    switch (word) {
      case '1':
      case 'element':
        return namespace === ''
          ? dom.createElement(requireXmlName(name))
          : dom.createElementNS(namespace, requireXmlName(name));
      case '2':
      case 'attribute':
        return namespace === ''
          ? dom.createAttribute(requireXmlName(name))
          : dom.createAttributeNS(namespace, requireXmlName(name));
      case '3':
      case 'text':
        return dom.createTextNode('');
      case '4':
      case 'cdatasection':
        return dom.createCDATASection('');
      case '7':
      case 'processinginstruction':
        return dom.createProcessingInstruction(requireXmlName(name), '');
      case '8':
      case 'comment':
        return dom.createComment('');
      case '11':
      case 'documentfragment':
        return dom.createDocumentFragment();
      default:
        throw runtimeError(5);
    }
  };
  return self.faceOf(changeTree(make));
}

export function createXmlDocument(scope: ObjectScope, version: XmlVersion): AutomationObject {
  return new XmlDocument(scope, version).documentFace();
}
