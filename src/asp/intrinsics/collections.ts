/**
 * The collections that Request hands out: lists of strings under names, and their faces.
 * Owns: order of arrival, names in any case, 1-based positions, the same object for the same name every time.
 * Leaves: where the names come from (form, cookies, server-variables).
 * Fails: ASP 0105 for a position that is not there.
 * Sources: doc "IRequestDictionary", "IStringList"; observed: `Request.Form(name) Is Request.Form(1)` is true.
 */
import {
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  freshFace,
  Scalar,
  VT,
} from '../../automation/index.ts';
import { longOf, plainOf, runtimeError, textOf } from '../../objects/index.ts';
import { AspProblem } from '../errors.ts';

/** The values that came under one name. */
export class StringList {
  readonly values: readonly string[];

  constructor(values: readonly string[]) {
    this.values = values;
  }
}

export const stringListFace: (self: StringList) => AutomationObject = freshFace<StringList>({
  name: 'IStringList',
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [0, 1],
      get: (self, args) =>
        args.length > 0
          ? self.values[positionAt(args, self.values.length)]
          : self.values.length === 0
            ? undefined
            : self.values.join(', '),
    },
    Count: { arity: [0, 0], get: (self) => new Scalar(VT.long, self.values.length) },
  },
  enumerate: (self) => self.values.values(),
});

/** What a collection of Request gives under its names. */
export interface NamedItems {
  /** Names as they arrived, each once. */
  readonly names: readonly string[];
  /** What stands under a name; something empty when there is none. */
  item(name: string): AutomationValue;
  /** What the collection is without a name: the raw body, the raw query. */
  whole(): AutomationValue;
}

export const namedItemsFace: (self: NamedItems) => AutomationObject = automationFace<NamedItems>({
  name: 'IRequestDictionary',
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [0, 1],
      get: (self, args) => (args.length === 0 ? self.whole() : itemAt(self, args)),
    },
    Key: { arity: [1, 1], get: (self, args) => nameAt(self, args) },
    Count: { arity: [0, 0], get: (self) => new Scalar(VT.long, self.names.length) },
  },
  enumerate: (self) => self.names.values(),
});

/** The item that a name or a position names. */
export function itemAt(items: NamedItems, args: readonly AutomationArgument[]): AutomationValue {
  return items.item(nameAt(items, args));
}

function nameAt(items: NamedItems, args: readonly AutomationArgument[]): string {
  const key = plainOf(args[0]);
  if (typeof key === 'number' || key instanceof Scalar)
    return items.names[positionAt([key], items.names.length)]!;
  if (key === null) throw runtimeError(94);
  return textOf(key);
}

/** A 1-based position as a 0-based one. */
function positionAt(args: readonly AutomationArgument[], count: number): number {
  const position = longOf(plainOf(args[0]));
  if (position < 1 || position > count) throw new AspProblem('Request object', 105);
  return position - 1;
}

/** Lists of strings under names, made as pairs arrive. */
export class StringLists implements NamedItems {
  readonly #lists = new Map<
    string,
    { readonly name: string; readonly values: string[]; face?: AutomationObject }
  >();
  readonly #whole: string | undefined;
  #names: string[] | undefined;

  constructor(pairs: Iterable<readonly [name: string, value: string]>, whole?: string) {
    for (const [name, value] of pairs) {
      const lower = name.toLowerCase();
      const list = this.#lists.get(lower);
      if (list === undefined) this.#lists.set(lower, { name, values: [value] });
      else list.values.push(value);
    }
    this.#whole = whole;
  }

  get names(): readonly string[] {
    return (this.#names ??= Array.from(this.#lists.values(), ({ name }) => name));
  }

  /** The list of a name when something came under it. */
  find(name: string): AutomationObject | undefined {
    const list = this.#lists.get(name.toLowerCase());
    if (list === undefined) return undefined;
    return (list.face ??= stringListFace(new StringList(list.values)));
  }

  item(name: string): AutomationValue {
    return this.find(name) ?? stringListFace(new StringList([]));
  }

  whole(): AutomationValue {
    return this.#whole;
  }

  /** Values of a name, for the host itself. */
  valuesOf(name: string): readonly string[] {
    return this.#lists.get(name.toLowerCase())?.values ?? [];
  }
}
