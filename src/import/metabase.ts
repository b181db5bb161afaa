/**
 * A metabase: nodes by path, properties by name, and what is in force at a node.
 * Owns: attribute and <Custom> forms, property ids, inheritance own → parents → schema default, flags by name or number.
 * Leaves: what properties mean here (iis.ts).
 * Fails: ParseResult for the file; a property that cannot be read is a problem of that property, never of the file.
 * Sources: doc "IIS 6.0 SDK: SMTP metabase properties"; doc "SMTP Service Design" (the XML form).
 */
import { type ParseResult, parsed, unparsed } from '../base/index.ts';
import { nameOfId, PROPERTIES } from './metabase-properties.ts';
import { readXml, type XmlElement } from './xml.ts';

export type MetabaseProperty = {
  /** As the schema spells it when it is known, else as written. */
  readonly name: string;
  readonly text: string;
  readonly line: number;
  /** Stored encrypted with the key of the old machine. */
  readonly isSecret: boolean;
  readonly isInherited: boolean;
};

export type MetabaseNode = {
  /** As written: `/LM/SmtpSvc/1`. */
  readonly path: string;
  readonly kind: string;
  readonly line: number;
  readonly properties: ReadonlyMap<string, MetabaseProperty>;
};

/** A property in force at a node, and why. */
export type Effective =
  | {
      readonly from: 'own' | 'inherited';
      readonly text: string;
      readonly place: string;
      readonly name: string;
      readonly isSecret: boolean;
    }
  | {
      readonly from: 'schema';
      readonly text: string;
      readonly place: string;
      readonly name: string;
      readonly isSecret: false;
    };

export class Metabase {
  /** Every node below SmtpSvc, and SmtpSvc itself, by lower-case path. */
  readonly #nodes: ReadonlyMap<string, MetabaseNode>;
  readonly service: string;

  constructor(nodes: ReadonlyMap<string, MetabaseNode>, service: string) {
    this.#nodes = nodes;
    this.service = service;
  }

  node(path: string): MetabaseNode | undefined {
    return this.#nodes.get(path.toLowerCase());
  }

  /** Numbers of the virtual servers, ascending. */
  servers(): number[] {
    const numbers = new Set<number>();
    for (const path of this.#nodes.keys()) {
      const match = /^\/(\d{1,9})(?:\/|$)/.exec(path.slice(this.service.length));
      if (match !== null) numbers.add(Number(match[1]));
    }
    return [...numbers].sort((a, b) => a - b);
  }

  serverPath(server: number): string {
    return `${this.service}/${server}`;
  }

  /** Nodes below `path`, in the order of the file. */
  below(path: string): MetabaseNode[] {
    const prefix = `${path.toLowerCase()}/`;
    return [...this.#nodes].filter(([key]) => key.startsWith(prefix)).map(([, node]) => node);
  }

  /** What is in force: own value, else that of the nearest parent that passes it on, else the schema's default. */
  effective(path: string, name: string): Effective | undefined {
    const key = name.toLowerCase();
    for (
      let at = path.toLowerCase();
      at.length >= this.service.length;
      at = at.slice(0, at.lastIndexOf('/'))
    ) {
      const node = this.#nodes.get(at);
      const property = node?.properties.get(key);
      if (node === undefined || property === undefined) continue;
      const isOwn = at === path.toLowerCase();
      if (!isOwn && !property.isInherited) continue;
      return {
        from: isOwn ? 'own' : 'inherited',
        name: property.name,
        text: property.text,
        isSecret: property.isSecret,
        place: isOwn ? `line ${property.line}` : `inherited from ${node.path}, line ${property.line}`,
      };
    }
    const row = PROPERTIES.get(key);
    if (row?.schemaDefault === undefined) return undefined;
    return {
      from: 'schema',
      name: row.name,
      text: row.schemaDefault,
      isSecret: false,
      place: 'not in the file: schema default',
    };
  }
}

/** Reads MetaBase.xml, or a piece of one. */
export function readMetabase(bytes: Buffer): ParseResult<Metabase> {
  const xml = readXml(bytes);
  if (!xml.ok) return xml;
  const nodes = new Map<string, MetabaseNode>();
  let service: string | undefined;
  const visit = (element: XmlElement): void => {
    const location = attribute(element, 'location');
    if (location === undefined) {
      for (const child of element.children) visit(child);
      return;
    }
    const path = location.replace(/\/+$/, '');
    const found = /^(.*\/smtpsvc)(?:\/|$)/i.exec(path);
    if (found === null) return;
    service ??= found[1]!.toLowerCase();
    if (found[1]!.toLowerCase() !== service) return;
    const key = path.toLowerCase();
    const before = nodes.get(key);
    nodes.set(key, {
      path,
      kind: element.name,
      line: element.line,
      // A node that is written twice, as pasted pieces have it: the later value counts.
      properties: new Map([...(before?.properties ?? []), ...propertiesOf(element)]),
    });
  };
  for (const element of xml.value) visit(element);
  if (service === undefined) {
    return unparsed(
      'the file has no element with a Location of …/SmtpSvc: it is no metabase, or the SMTP service was never installed there',
      0,
    );
  }
  return parsed(new Metabase(nodes, service));
}

function* propertiesOf(element: XmlElement): Generator<[string, MetabaseProperty]> {
  for (const [name, text] of element.attributes) {
    if (name.toLowerCase() === 'location') continue;
    const row = PROPERTIES.get(name.toLowerCase());
    yield [
      name.toLowerCase(),
      {
        name: row?.name ?? name,
        text,
        line: element.attributeLines.get(name) ?? element.line,
        isSecret: row?.type === 'secret',
        isInherited: true,
      },
    ];
  }
  for (const child of element.children) {
    if (child.name.toLowerCase() !== 'custom') continue;
    const written = attribute(child, 'name') ?? '';
    const id = Number(attribute(child, 'id') ?? /^UnknownName_(\d+)$/i.exec(written)?.[1]);
    const name = (PROPERTIES.has(written.toLowerCase()) ? undefined : nameOfId(id)) ?? written;
    const row = PROPERTIES.get(name.toLowerCase());
    const marks = attribute(child, 'attributes') ?? 'INHERIT';
    yield [
      name.toLowerCase(),
      {
        name: row?.name ?? name,
        text: attribute(child, 'value') ?? '',
        line: child.line,
        isSecret: row?.type === 'secret' || /\bSECURE\b/i.test(marks),
        isInherited: /\bINHERIT\b/i.test(marks),
      },
    ];
  }
}

function attribute(element: XmlElement, name: string): string | undefined {
  for (const [key, value] of element.attributes) if (key.toLowerCase() === name) return value;
  return undefined;
}

/** A DWORD: decimal, 0x…, or names joined by `|`; −1 is the same as 4294967295. */
export function readNumber(text: string, flags: Readonly<Record<string, number>> = {}): number | undefined {
  const trimmed = text.trim();
  if (/^-?\d{1,10}$/.test(trimmed)) return Number(trimmed) >>> 0;
  if (/^0x[0-9a-f]{1,8}$/i.test(trimmed)) return Number.parseInt(trimmed, 16);
  const byName = new Map(Object.entries(flags).map(([name, value]) => [name.toLowerCase(), value]));
  let sum = 0;
  for (const word of trimmed.split('|')) {
    const value =
      byName.get(word.trim().toLowerCase()) ?? (word.includes('|') ? undefined : plainNumber(word.trim()));
    if (value === undefined) return undefined;
    sum |= value;
  }
  return sum >>> 0;
}

function plainNumber(text: string): number | undefined {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  return /^0x[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}

/** A BOOL: TRUE, FALSE, or a number. */
export function readTruth(text: string): boolean | undefined {
  if (/^\s*true\s*$/i.test(text)) return true;
  if (/^\s*false\s*$/i.test(text)) return false;
  const value = readNumber(text);
  return value === undefined ? undefined : value !== 0;
}

/** A multi-string of values without blanks: line breaks in an attribute reach us as blanks. */
export function readList(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
