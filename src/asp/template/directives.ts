/**
 * `<%@ … %>`: what a page says of itself.
 * Owns: names, values and their errors.  Leaves: where a directive may stand (assemble).
 * Fails: TemplateProblem 0129, 0203, 0209, 0215, 0219, 0221.
 * Sources: doc "@ Processing Directives"; KB 294271.
 */
import { isCodePage } from '../../objects/index.ts';
import { localeIds } from '../../vbscript/index.ts';
import { TemplateProblem } from '../errors.ts';
import type { Attribute } from './attributes.ts';
import { languageNamed, type PageLanguage } from './languages.ts';

export type PageDirectives = {
  readonly language: PageLanguage | undefined;
  readonly codePage: number | undefined;
  readonly locale: number | undefined;
  /** ENABLESESSIONSTATE; undefined: as the site has it. */
  readonly session: boolean | undefined;
  /** The page takes part in a transaction, so ObjectContext is there. */
  readonly isTransacted: boolean;
};

export const NO_DIRECTIVES: PageDirectives = {
  language: undefined,
  codePage: undefined,
  locale: undefined,
  session: undefined,
  isTransacted: false,
};

type Place = { readonly file: string; readonly line: number };
type Writable = { -readonly [Key in keyof PageDirectives]: PageDirectives[Key] };

const READERS: Readonly<Record<string, (into: Writable, value: string, place: Place) => void>> = {
  language(into, value, place) {
    into.language = languageNamed(value);
    if (into.language === undefined) throw new TemplateProblem(129, place, value);
  },
  codepage(into, value, place) {
    if (!/^\d{1,5}$/.test(value) || !isCodePage(Number(value))) throw new TemplateProblem(203, place);
    into.codePage = Number(value);
  },
  lcid(into, value, place) {
    if (!/^\d{1,7}$/.test(value) || !localeIds().includes(Number(value)))
      throw new TemplateProblem(219, place);
    into.locale = Number(value);
  },
  enablesessionstate(into, value, place) {
    if (!/^(?:true|false)$/i.test(value)) throw new TemplateProblem(215, place);
    into.session = value.toLowerCase() === 'true';
  },
  transaction(into, value, place) {
    if (!/^(?:required|requires_new|supported|not_supported)$/i.test(value))
      throw new TemplateProblem(209, place);
    into.isTransacted = !/^not_/i.test(value);
  },
};

export function readDirectives(attributes: readonly Attribute[], place: Place): PageDirectives {
  const found: Writable = { ...NO_DIRECTIVES };
  for (const { name, value } of attributes) {
    const read = READERS[name.toLowerCase()];
    if (read === undefined || !Object.hasOwn(READERS, name.toLowerCase()))
      throw new TemplateProblem(221, place, name);
    read(found, value, place);
  }
  return found;
}

/** The code page that the directive of a page names, from bytes that were not decoded yet. */
export function sniffCodePage(bytes: Buffer): number | undefined {
  const found = /<%\s*@[^%]*?\bcodepage\s*=\s*["']?\s*(\d{1,5})/i.exec(bytes.toString('latin1', 0, 4096));
  const codePage = found === null ? undefined : Number(found[1]);
  return codePage !== undefined && isCodePage(codePage) ? codePage : undefined;
}
