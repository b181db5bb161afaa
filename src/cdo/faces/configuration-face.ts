/** The automation face of Configuration. */
import type { AutomationObject } from '../../automation/index.ts';
import type { Configuration, ConfigurationSource } from '../configuration.ts';
import { CdoError } from '../errors.ts';
import { fieldValue, knownFace, long, text } from './arguments.ts';
import { fieldFace, fieldsFace, notAssignable } from './fields-face.ts';

const SOURCES: Readonly<Record<number, ConfigurationSource>> = {
  [-1]: 'defaults',
  1: 'iis',
  2: 'outlook-express',
};

export const configurationFace: (self: Configuration) => AutomationObject = knownFace<Configuration>({
  name: 'Configuration',
  defaultMember: 'Fields',
  members: {
    // `conf("http://…")` is `conf.Fields("http://…")`, for reading and for assigning.
    Fields: {
      arity: [0, 1],
      get: (self, args) =>
        args.length === 0 ? fieldsFace(self.fields) : fieldFace(self.fields.item(text(args, 0))),
      put: (self, args) => {
        if (args.length < 2) throw notAssignable();
        self.fields.set(text(args, 0), fieldValue(args[1]));
      },
    },
    Load: {
      arity: [1, 2],
      call: (self, args) => {
        const source = SOURCES[long(args, 0, -1)];
        if (source === undefined)
          throw new CdoError('CDO_E_ARGUMENT1', {
            hint: 'LoadFrom is -1 (defaults), 1 (IIS) or 2 (Outlook Express).',
          });
        self.load(source);
        return undefined;
      },
    },
    GetInterface: {
      arity: [1, 1],
      call: (self, args) => {
        if (text(args, 0).toLowerCase() === 'iconfiguration') return configurationFace(self);
        throw new CdoError('E_NOINTERFACE', {
          hint: `'${text(args, 0)}' is no interface of a Configuration.`,
        });
      },
    },
  },
});
