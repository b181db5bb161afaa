/**
 * Scriptlet.TypeLib, which scripts create for its Guid alone.
 * Sources: observed: the text has 38 characters and two NULs behind them, so scripts take the left 38.
 */
import { randomUUID } from 'node:crypto';
import { type AutomationObject, automationFace } from '../automation/index.ts';
import { textAt } from './arguments.ts';

class TypeLib {
  guid = `{${randomUUID().toUpperCase()}}\0\0`;
  readonly texts = new Map<string, string>();
}

const kept = (name: string) => ({
  arity: [0, 0] as const,
  get: (self: TypeLib) => self.texts.get(name) ?? '',
  put: (self: TypeLib, args: Parameters<typeof textAt>[0]) => void self.texts.set(name, textAt(args, 0)),
});

const face: (self: TypeLib) => AutomationObject = automationFace<TypeLib>({
  name: 'Object',
  members: {
    GUID: {
      arity: [0, 0],
      get: (self) => self.guid,
      put: (self, args) => {
        self.guid = textAt(args, 0);
      },
    },
    Name: kept('Name'),
    Path: kept('Path'),
    Doc: kept('Doc'),
    Version: kept('Version'),
  },
});

export function createTypeLib(): AutomationObject {
  return face(new TypeLib());
}
