/**
 * The variables of Session and Application, and of what global.asa declares, as collections.
 * Owns: names in any case in order of first assignment, positions, Contents and StaticObjects.
 * Leaves: where the values live (stores), which values are refused (session, application).
 * Fails: ASP 0105 for a position that is not there, 0226 for an assignment to StaticObjects.
 * Sources: doc "Contents collection", "StaticObjects collection".
 */
import {
  type AutomationArgument,
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  isAutomationObject,
  Scalar,
  VT,
} from '../../automation/index.ts';
import { argumentValue, longOf, plainOf, runtimeError, textOf } from '../../objects/index.ts';
import { AspProblem } from '../errors.ts';

/** Variables by name. Names keep the spelling of their first assignment. */
export interface VariableStore {
  names(): readonly string[];
  /** Empty when there is none. */
  get(name: string): AutomationValue;
  set(name: string, value: AutomationValue): void;
  remove(name: string): void;
  removeAll(): void;
}

type Args = readonly AutomationArgument[];

/** The name that a text or a 1-based position stands for. */
export function nameIn(store: Pick<VariableStore, 'names'>, argument: AutomationArgument): string {
  const key = plainOf(argument);
  if (typeof key === 'number' || key instanceof Scalar) {
    const name = store.names()[longOf(key) - 1];
    if (name === undefined) throw new AspProblem('Request object', 105);
    return name;
  }
  if (key === null) throw runtimeError(94);
  return textOf(key);
}

/** What an assignment without Set stores: an object stands for its default value. */
export function assigned(argument: AutomationArgument): AutomationValue {
  const value = argumentValue(argument);
  if (!isAutomationObject(value)) return value;
  try {
    return plainOf(value);
  } catch (thrown) {
    if (!(thrown instanceof AutomationError)) throw thrown;
    throw new AspProblem('Application object', 185, { cause: thrown });
  }
}

export const contentsFace: (self: VariableStore) => AutomationObject = automationFace<VariableStore>({
  name: 'IVariantDictionary',
  keepsSubtypes: true,
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [1, 1],
      get: (self, args) => self.get(nameIn(self, args[0])),
      put: (self, args) => self.set(nameIn(self, args[0]), assigned(args[1])),
      putref: (self, args) => self.set(nameIn(self, args[0]), argumentValue(args[1])),
    },
    Key: { arity: [1, 1], get: (self, args) => nameIn(self, args[0]) },
    Count: { arity: [0, 0], get: (self) => new Scalar(VT.long, self.names().length) },
    Remove: { arity: [1, 1], call: (self, args) => void self.remove(nameIn(self, args[0])) },
    RemoveAll: { arity: [0, 0], call: (self) => void self.removeAll() },
  },
  enumerate: (self) => self.names().values(),
});

/** Objects that global.asa declares. */
export interface StaticObjects {
  names(): readonly string[];
  get(name: string): AutomationObject | undefined;
}

export const staticObjectsFace: (self: StaticObjects) => AutomationObject = automationFace<StaticObjects>({
  name: 'IVariantDictionary',
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [1, 1],
      get: (self, args) => self.get(nameIn(self, args[0])),
      put: refuse,
      putref: refuse,
    },
    Key: { arity: [1, 1], get: (self, args) => nameIn(self, args[0]) },
    Count: { arity: [0, 0], get: (self) => new Scalar(VT.long, self.names().length) },
  },
  enumerate: (self) => self.names().values(),
});

function refuse(_self: StaticObjects, _args: Args): never {
  throw new AspProblem('Application object', 226);
}
