/**
 * The Application object.
 * Owns: members.  Leaves: values and locks (page/application-copy), which live on the main side.
 * Sources: doc "Application object"; KB 294271, 246596.
 */
import { type AutomationObject, freshFace } from '../../automation/index.ts';
import { argumentValue } from '../../objects/index.ts';
import {
  assigned,
  contentsFace,
  nameIn,
  type StaticObjects,
  staticObjectsFace,
  type VariableStore,
} from './variables.ts';

export type ApplicationHost = {
  readonly contents: VariableStore;
  readonly statics: StaticObjects;
  lock(): void;
  unlock(): void;
};

export const applicationFace: (self: ApplicationHost) => AutomationObject = freshFace<ApplicationHost>({
  name: 'IApplicationObject',
  keepsSubtypes: true,
  defaultMember: 'Value',
  members: {
    Value: {
      arity: [1, 1],
      get: (self, args) => self.contents.get(nameIn(self.contents, args[0])),
      put: (self, args) => self.contents.set(nameIn(self.contents, args[0]), assigned(args[1])),
      putref: (self, args) => self.contents.set(nameIn(self.contents, args[0]), argumentValue(args[1])),
    },
    Contents: {
      arity: [0, 1],
      get: (self, args) =>
        args.length === 0 ? contentsFace(self.contents) : self.contents.get(nameIn(self.contents, args[0])),
      put: (self, args) => self.contents.set(nameIn(self.contents, args[0]), assigned(args[1])),
      putref: (self, args) => self.contents.set(nameIn(self.contents, args[0]), argumentValue(args[1])),
    },
    Lock: { arity: [0, 0], call: (self) => void self.lock() },
    StaticObjects: {
      arity: [0, 1],
      get: (self, args) =>
        args.length === 0 ? staticObjectsFace(self.statics) : self.statics.get(nameIn(self.statics, args[0])),
    },
    Unlock: { arity: [0, 0], call: (self) => void self.unlock() },
  },
});
