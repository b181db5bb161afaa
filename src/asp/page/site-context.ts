/**
 * What one thread keeps of a site between requests.
 * Owns: compiled pages, the map of folders, the copy of the application's variables, objects of application scope.
 * Leaves: one request (page-run).
 */
import type { AutomationObject, WaitingRoom } from '../../automation/index.ts';
import {
  FolderMap,
  type ObjectScope,
  objectCatalogue,
  type ProgIdRegistry,
  type ScriptMachine,
  scriptText,
} from '../../objects/index.ts';
import type { PageSite } from '../contract.ts';
import type { PageLanguage } from '../template/languages.ts';
import { folderStamp, SiteFiles } from '../template/site-files.ts';
import { ApplicationCopy } from './application-copy.ts';
import { type CompiledPage, PageCache } from './page-cache.ts';
import { ThreadResidents } from './residents.ts';

/** Compiled pages that a thread keeps of a site, as scriptFileCacheSize of IIS. */
const MOST_PAGES = 500;

export class SiteContext {
  readonly site: PageSite;
  readonly pages: PageCache;
  readonly folders: FolderMap;
  readonly application: ApplicationCopy;
  readonly residents = new ThreadResidents();
  /** Objects that global.asa declares with application scope, made when first used. */
  readonly applicationObjects = new Map<string, AutomationObject>();
  readonly #files: SiteFiles;
  /** Application_OnStart has run, here or in another thread. */
  isStarted = false;

  constructor(site: PageSite, waiting: WaitingRoom) {
    this.site = site;
    this.#files = new SiteFiles(site);
    const { settings } = site;
    this.pages = new PageCache(
      {
        files: this.#files,
        parentPaths: settings.enableParentPaths,
        language: settings.scriptLanguage.toLowerCase() as PageLanguage,
        codePage: this.codePage,
      },
      MOST_PAGES,
    );
    this.folders = new FolderMap(site.folders);
    this.application = new ApplicationCopy(waiting, site.applicationVersion);
  }

  /** The classes that pages may create, beside the mail objects, which each request has of its own. */
  get catalogue(): ProgIdRegistry<ObjectScope> {
    return (this.#catalogue ??= objectCatalogue());
  }

  #catalogue: ProgIdRegistry<ObjectScope> | undefined;

  /** The code page of a page that does not say its own. */
  get codePage(): number {
    return this.site.settings.codePage || this.site.machine.codePage;
  }

  get locale(): number {
    return this.site.settings.lcid || 1033;
  }

  get machine(): ScriptMachine {
    return this.site.machine;
  }

  /** The text of a page's file, for traces; undefined: it has gone. */
  textOf(path: string): string | undefined {
    const file = this.#files.read(path);
    return file === undefined ? undefined : scriptText(file.bytes, this.codePage);
  }

  /**
   * global.asa, compiled; undefined: the site has none. That there is none is looked up again when the site's folder has
   * changed: a look into a folder for a file in any case is dear.
   */
  globalAsa(trace: boolean): CompiledPage | undefined {
    const stamp = folderStamp(this.site.folder);
    if (this.#noneAt !== undefined && this.#noneAt === stamp) return undefined;
    const global = this.pages.get('/global.asa', 'global', trace);
    this.#noneAt = global === undefined ? stamp : undefined;
    return global;
  }

  #noneAt: string | undefined;

  /** A global.asa of which only the text is left. */
  formerGlobalAsa(text: Uint8Array): CompiledPage {
    const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
    return this.pages.compile({ path: '/global.asa', host: '', stamp: '', bytes }, 'global', false);
  }

  /** Another version of the site has taken its place. */
  end(): void {
    for (const object of this.applicationObjects.values()) object.release?.();
    this.applicationObjects.clear();
  }
}
