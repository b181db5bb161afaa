/**
 * Collects the JavaScript of one unit: helpers used, cells, sites, constants.
 * Owns: every name and string that reaches generated code. Nothing of a script's text gets there except as a JSON string
 * or as a name stripped to letters, digits and underscores behind a number.
 */
import type { InvokeKind } from '../../automation/index.ts';
import type { LiteralValue } from '../ast.ts';
import { NOTHING } from '../values.ts';
import type { UnitInfo } from './analysis.ts';

export type WriterOptions = {
  readonly isTracing: boolean;
  readonly isCounting: boolean;
  readonly onProgress: (() => void) | undefined;
};

export class UnitWriter {
  readonly unit: UnitInfo;
  readonly isTracing: boolean;
  readonly isCounting: boolean;
  /** Called now and then while code is written. */
  readonly onProgress: (() => void) | undefined;
  readonly helpers = new Set<string>();
  /** Values that have no JavaScript literal; generated code reads them as K[n]. */
  readonly pool: LiteralValue[] = [];
  private readonly pooled = new Map<string, number>();
  private readonly cells = new Map<string, { js: string; write: string | undefined }>();
  private readonly spellings = new Map<string, string>();
  private readonly siteNames = new Map<string, string>();
  private readonly declarations: string[] = [];
  private serial = 0;

  constructor(unit: UnitInfo, options: WriterOptions) {
    this.unit = unit;
    this.isTracing = options.isTracing;
    this.isCounting = options.isCounting;
    this.onProgress = options.onProgress;
  }

  /** A helper of the run-time library, by its exported name. */
  helper(name: string): string {
    this.helpers.add(name);
    return name;
  }

  fresh(prefix: string): string {
    this.serial += 1;
    return `${prefix}${this.serial}`;
  }

  /** A constant holding the cell of a global name. */
  cell(lower: string): string {
    return this.cellEntry(lower).js;
  }

  /** The same for writing: constants and host objects refuse. */
  place(lower: string): string {
    const entry = this.cellEntry(lower);
    if (this.unit.globals.has(lower)) return entry.js;
    if (entry.write === undefined) {
      entry.write = this.fresh('w');
      this.declarations.push(`const ${entry.write}=G.place(${quote(lower)},${quote(this.spelling(lower))});`);
    }
    return entry.write;
  }

  private cellEntry(lower: string): { js: string; write: string | undefined } {
    let entry = this.cells.get(lower);
    if (entry === undefined) {
      entry = { js: this.fresh('g'), write: undefined };
      this.cells.set(lower, entry);
      const call = this.unit.globals.has(lower) ? 'declare' : 'cell';
      this.declarations.push(`const ${entry.js}=G.${call}(${quote(lower)},${quote(this.spelling(lower))});`);
    }
    return entry;
  }

  /** Notes how the script writes a name, for error texts and for members of host objects. */
  spell(lower: string, name: string): void {
    if (!this.spellings.has(lower)) this.spellings.set(lower, name);
  }

  private spelling(lower: string): string {
    return this.unit.globals.get(lower)?.name ?? this.spellings.get(lower) ?? lower;
  }

  /** A constant holding a site: one for each way in which a member is used, since each remembers what it met. */
  site(name: string, culprit: string | undefined, kind: InvokeKind, count: number): string {
    const key = `${name}\0${culprit ?? ''}\0${culprit === undefined}\0${kind}\0${count}`;
    let js = this.siteNames.get(key);
    if (js === undefined) {
      js = this.fresh('s');
      this.siteNames.set(key, js);
      this.declarations.push(
        `const ${js}={name:${quote(name)},culprit:${culprit === undefined ? 'undefined' : quote(culprit)},` +
          `kind:${quote(kind)},count:${count},unit:U,rt,shape:undefined,direct:undefined,changes:0};`,
      );
    }
    return js;
  }

  literal(value: LiteralValue): string {
    switch (typeof value) {
      case 'undefined':
        return 'undefined';
      case 'boolean':
        return String(value);
      case 'number':
        return value < 0 || Object.is(value, -0) ? `(${String(value)})` : String(value);
      case 'string':
        return quote(value);
    }
    if (value === null) return 'null';
    if (value === NOTHING) return this.helper('NOTHING');
    // -0 is not 0; nothing else that is written the same differs.
    const key = `${value.type} ${Object.is(value.value, -0) ? '-0' : String(value.value)}`;
    let at = this.pooled.get(key);
    if (at === undefined) {
      at = this.pool.push(value) - 1;
      this.pooled.set(key, at);
    }
    return `K[${at}]`;
  }

  /** Everything declared so far, once. */
  head(): string {
    return this.declarations.join('\n');
  }
}

/** A JavaScript string literal. U+2028 and U+2029 are escaped, too, and so is what could end a script element. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u2028\u2029<\ud800-\udfff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
