/**
 * The Properties collections: names that pages ask for, with answers that are true here.
 * Owns: the collection and its entries.  Leaves: which properties an object has (its face).
 * Fails: 3265 for a property that is not there.
 * Sources: doc "ADO Dynamic Property Index".
 */
import { type AutomationObject, type AutomationValue, automationFace } from '../../automation/index.ts';
import { argumentValue, longOf, plainOf } from '../arguments.ts';
import { AD } from './columns.ts';
import { adoError } from './errors.ts';

export type Property = {
  readonly name: string;
  readonly get: () => AutomationValue;
  readonly put?: (value: AutomationValue) => void;
};

const propertyFace = automationFace<Property>({
  name: 'Property',
  defaultMember: 'Value',
  members: {
    Name: { arity: [0, 0], get: (self) => self.name },
    Value: {
      arity: [0, 0],
      get: (self) => self.get(),
      put: (self, args) => {
        if (self.put === undefined) throw adoError(3219, 'ADODB.Properties');
        self.put(argumentValue(args[0]));
      },
    },
    Type: {
      arity: [0, 0],
      get: (self) =>
        typeof self.get() === 'string' ? AD.bstr : typeof self.get() === 'boolean' ? AD.boolean : AD.integer,
    },
    Attributes: { arity: [0, 0], get: (self) => (self.put === undefined ? 0x200 : 0x600) },
  },
});

const propertiesFace = automationFace<{ readonly list: readonly Property[] }>({
  name: 'Properties',
  defaultMember: 'Item',
  members: {
    Item: { arity: [1, 1], get: (self, args) => propertyFace(find(self.list, plainOf(args[0]))) },
    Count: { arity: [0, 0], get: (self) => self.list.length },
    Refresh: { arity: [0, 0], call: () => undefined },
  },
  enumerate: (self) => self.list.map((property) => propertyFace(property)).values(),
});

function find(list: readonly Property[], wanted: AutomationValue): Property {
  const found =
    typeof wanted === 'string'
      ? list.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
      : list[longOf(wanted)];
  if (found === undefined) throw adoError(3265, 'ADODB.Properties');
  return found;
}

export function createProperties(list: readonly Property[]): AutomationObject {
  return propertiesFace({ list });
}
