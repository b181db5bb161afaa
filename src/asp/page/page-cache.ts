/**
 * Compiled pages, made anew when one of their files has changed.
 * Owns: the cache and its bound, compiling each language of a page.  Leaves: reading and assembling (template).
 * Fails: TemplateProblem, or ScriptError of kind 'compilation', each time until the page is mended.
 */
import type { CompiledScript } from '../../vbscript/index.ts';
import { TemplateProblem } from '../errors.ts';
import { type AssembledPage, type AssembleOptions, assemble } from '../template/assemble.ts';
import type { PageLanguage } from '../template/languages.ts';
import { resolveVirtual, type SiteFile, stampOf } from '../template/site-files.ts';
import { ENGINES } from './engines.ts';

export type CompiledPage = Omit<AssembledPage, 'units'> & {
  readonly units: readonly { readonly language: PageLanguage; readonly script: CompiledScript }[];
  /** True when the page's script holds the word, in any case. */
  readonly mentions: (word: string) => boolean;
};

export class PageCache {
  readonly #options: Omit<AssembleOptions, 'kind'>;
  readonly #capacity: number;
  /** The least recently used first. */
  readonly #pages = new Map<string, CompiledPage>();

  constructor(options: Omit<AssembleOptions, 'kind'>, capacity: number) {
    this.#options = options;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#pages.size;
  }

  /**
   * The page at a virtual path; undefined when there is none. `trace`: the variant that reports. `onProgress` is called now and then
   * while a long page is compiled; what it throws ends that.
   */
  get(
    path: string,
    kind: 'page' | 'global',
    trace: boolean,
    onProgress?: () => void,
  ): CompiledPage | undefined {
    const key = `${kind} ${trace} ${path.toLowerCase()}`;
    const known = this.#pages.get(key);
    if (known !== undefined) {
      this.#pages.delete(key);
      if (known.files.every(({ host, stamp }) => stampOf(host) === stamp)) {
        this.#pages.set(key, known);
        return known;
      }
    }
    const page = this.#compile(path, kind, trace, onProgress);
    if (page === undefined) return undefined;
    this.#pages.set(key, page);
    if (this.#pages.size > this.#capacity) this.#pages.delete(this.#pages.keys().next().value!);
    return page;
  }

  #compile(
    path: string,
    kind: 'page' | 'global',
    trace: boolean,
    onProgress: (() => void) | undefined,
  ): CompiledPage | undefined {
    const virtual = resolveVirtual(path);
    const file = virtual === undefined ? undefined : this.#options.files.read(virtual);
    return file && this.compile(file, kind, trace, onProgress);
  }

  /** A file that is given; it is not kept. */
  compile(file: SiteFile, kind: 'page' | 'global', trace: boolean, onProgress?: () => void): CompiledPage {
    const { units, ...page } = assemble(file, { ...this.#options, kind });
    const words = new Map<string, boolean>();
    return {
      ...page,
      units: units.map(({ language, source, origins }) => {
        const engine = ENGINES[language];
        if (engine === undefined) throw new TemplateProblem(129, { file: page.path, line: 1 }, language);
        const nowhere = { file: page.path, line: 1 };
        const origin = (line: number) => origins[line - 1] ?? origins.at(-1) ?? nowhere;
        const options = { name: page.path, origin, trace, ...(onProgress && { onProgress }) };
        return { language, script: engine.compile(source, options) };
      }),
      mentions(word) {
        const lower = word.toLowerCase();
        let found = words.get(lower);
        if (found === undefined) {
          found = units.some(({ source }) => source.toLowerCase().includes(lower));
          words.set(lower, found);
        }
        return found;
      },
    };
  }
}
