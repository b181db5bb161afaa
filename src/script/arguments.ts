/**
 * WScript.Arguments with Named and Unnamed.
 * Sources: doc "WshArguments Object"; doc "WshNamed Object".
 */
import {
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  DISP_E,
} from '../automation/index.ts';
import { longAt, textAt } from '../objects/index.ts';

export class ScriptArguments {
  readonly all: readonly string[];
  /** Those that do not begin with a slash. */
  readonly unnamed: readonly string[];
  /** Lower-case name → as written and its value; `/name` has none, `/name+` and `/name-` are True and False. */
  readonly named = new Map<string, { readonly name: string; readonly value: string | boolean | undefined }>();
  readonly showUsage: () => void;

  constructor(all: readonly string[], showUsage: () => void) {
    this.all = all;
    this.showUsage = showUsage;
    this.unnamed = all.filter((argument) => !argument.startsWith('/'));
    for (const argument of all) {
      const match =
        /^\/([^:+-]+)(?:(:)([\s\S]*)|([+-]))?$/.exec(argument) ??
        /^\/([^:]+)(?:(:)([\s\S]*))?$/.exec(argument);
      if (match === null) continue;
      const [, name, colon, text, sign] = match;
      const key = name!.toLowerCase();
      const value = colon !== undefined ? text! : sign === undefined ? undefined : sign === '+';
      // The first of two arguments with one name counts.
      if (!this.named.has(key)) this.named.set(key, { name: name!, value });
    }
  }
}

function at(list: readonly string[], index: number): string {
  const found = list[index];
  // Without a source the engine names itself, as cscript prints it for a script called with too few arguments.
  if (found === undefined) throw new AutomationError(DISP_E.badIndex, 'Subscript out of range');
  return found;
}

function listFace(name: string, list: (self: ScriptArguments) => readonly string[]) {
  return {
    name,
    defaultMember: 'Item',
    members: {
      Count: { arity: [0, 0] as const, get: (self: ScriptArguments) => list(self).length },
      length: { arity: [0, 0] as const, get: (self: ScriptArguments) => list(self).length },
      Item: {
        arity: [1, 1] as const,
        get: (self: ScriptArguments, args: Parameters<typeof longAt>[0]) => at(list(self), longAt(args, 0)),
      },
    },
    enumerate: (self: ScriptArguments): Iterator<AutomationValue> => list(self).values(),
  };
}

const all = listFace('IArguments2', (self) => self.all);

const unnamedFace: (self: ScriptArguments) => AutomationObject = automationFace<ScriptArguments>(
  listFace('IWSHUnnamedArguments', (self) => self.unnamed),
);

const namedFace: (self: ScriptArguments) => AutomationObject = automationFace<ScriptArguments>({
  name: 'IWSHNamedArguments',
  defaultMember: 'Item',
  members: {
    Count: { arity: [0, 0], get: ({ named }) => named.size },
    length: { arity: [0, 0], get: ({ named }) => named.size },
    Exists: { arity: [1, 1], call: ({ named }, args) => named.has(textAt(args, 0).toLowerCase()) },
    Item: { arity: [1, 1], get: ({ named }, args) => named.get(textAt(args, 0).toLowerCase())?.value },
  },
  *enumerate({ named }) {
    for (const { name } of named.values()) yield name;
  },
});

export const argumentsFace: (self: ScriptArguments) => AutomationObject = automationFace<ScriptArguments>({
  ...all,
  members: {
    ...all.members,
    Named: { arity: [0, 0], get: (self) => namedFace(self) },
    Unnamed: { arity: [0, 0], get: (self) => unnamedFace(self) },
    ShowUsage: { arity: [0, 0], call: (self) => self.showUsage() as undefined },
  },
});
