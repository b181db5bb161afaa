/**
 * The variables of one session during one request.
 * Owns: restoring a value when it is first read, noticing what changed, which objects stay in this thread.
 * Leaves: the form of stored values (stored-values), keeping them between requests (web).
 * Fails: ASP 0168 for intrinsic objects, 0188 for objects that tags declare.
 */
import { type AutomationObject, type AutomationValue, isAutomationObject } from '../../automation/index.ts';
import type { StoredContents, StoredValue } from '../contract.ts';
import type { AspProblem } from '../errors.ts';
import type { VariableStore } from '../intrinsics/variables.ts';
import { isResident, type Residents, type Restoring, restored, stored } from './stored-values.ts';

/** Names of objects that global.asa declares with session scope; no page can write such a name. */
export const STATIC_PREFIX = '\u0000';

type Entry = {
  readonly name: string;
  stored: StoredValue | undefined;
  live: AutomationValue;
  isLive: boolean;
};

/** Why an object may not be stored; undefined: it may. */
export type Refusal = (object: AutomationObject) => AspProblem | undefined;

export class SessionContents implements VariableStore {
  readonly #entries = new Map<string, Entry>();
  readonly #host: Restoring;
  readonly #refusal: Refusal;
  #isChanged = false;
  #isRead = false;

  constructor(contents: StoredContents, host: Restoring, refusal: Refusal) {
    for (const [name, value] of contents)
      this.#entries.set(name.toLowerCase(), { name, stored: value, live: undefined, isLive: false });
    this.#host = host;
    this.#refusal = refusal;
  }

  /** Something was written. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  get isRead(): boolean {
    return this.#isRead;
  }

  names(): readonly string[] {
    this.#isRead = true;
    return Array.from(this.#entries.values(), ({ name }) => name).filter(
      (name) => !name.startsWith(STATIC_PREFIX),
    );
  }

  get(name: string): AutomationValue {
    this.#isRead = true;
    const entry = this.#entries.get(name.toLowerCase());
    if (entry === undefined) return undefined;
    if (!entry.isLive) {
      entry.live = restored(entry.stored!, this.#host);
      entry.isLive = true;
    }
    return entry.live;
  }

  set(name: string, value: AutomationValue): void {
    if (isAutomationObject(value)) {
      const problem = this.#refusal(value);
      if (problem !== undefined) throw problem;
    }
    this.#isChanged = true;
    const entry = this.#entries.get(name.toLowerCase());
    if (entry === undefined)
      this.#entries.set(name.toLowerCase(), { name, stored: undefined, live: value, isLive: true });
    else Object.assign(entry, { live: value, isLive: true });
  }

  remove(name: string): void {
    if (this.#entries.delete(name.toLowerCase())) this.#isChanged = true;
  }

  removeAll(): void {
    for (const [key, { name }] of this.#entries)
      if (!name.startsWith(STATIC_PREFIX)) this.#entries.delete(key);
    this.#isChanged = true;
  }

  /**
   * What there is to keep: `contents` is undefined when nothing can have changed. An object that was read may have changed
   * inside, so reading one counts as a change.
   */
  after(residents: Residents): {
    readonly contents: StoredContents | undefined;
    readonly isResident: boolean;
  } {
    const entries = [...this.#entries.values()];
    const mayDiffer =
      this.#isChanged || entries.some(({ isLive, live }) => isLive && isAutomationObject(live));
    if (!mayDiffer)
      return { contents: undefined, isResident: entries.some((entry) => isResident(entry.stored!)) };
    const contents = entries.map((entry): readonly [string, StoredValue] => [
      entry.name,
      entry.isLive ? stored(entry.live, residents) : entry.stored!,
    ]);
    return { contents, isResident: contents.some(([, value]) => isResident(value)) };
  }
}
