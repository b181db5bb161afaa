/**
 * Values that outlive their request, as data: what a page stores in its session or application.
 * Owns: which values can be kept by value, which stay in their thread.
 * Leaves: where they are kept (session-contents, application-copy; web).
 * Sources: KB 246596 (an instance of a script's class does not live on: 438 when it is used later).
 */
import {
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  DISP_E,
  isAutomationObject,
  NOTHING,
  Scalar,
  type ScalarType,
  VariantArray,
} from '../../automation/index.ts';
import { isScriptInstance } from '../../vbscript/index.ts';
import type { StoredValue } from '../contract.ts';

/** Objects that cannot be kept by value. */
export interface Residents {
  /** A number under which the object is found as long as the session lives. */
  keep(object: AutomationObject): number;
  find(id: number): AutomationObject | undefined;
}

/** What restoring asks of the host. */
export type Restoring = {
  readonly residents: Residents;
  readonly createDictionary: () => AutomationObject;
};

/** Deepest nesting of arrays and dictionaries kept by value; a dictionary deeper down stays in its thread. */
const DEEPEST = 16;

/** The number of objects that are dead: instances of classes whose script has ended. */
const DEAD = 0;

export function stored(value: AutomationValue, residents: Residents, depth = 0): StoredValue {
  if (value === NOTHING) return { kind: 'nothing' };
  if (value instanceof Scalar) return { kind: 'scalar', type: value.type, value: value.value };
  if (value instanceof VariantArray)
    return {
      kind: 'array',
      upperBounds: value.upperBounds,
      elements: value.elements.map((element) => stored(element, residents, depth + 1)),
    };
  if (isAutomationObject(value)) return storedObject(value, residents, depth);
  return { kind: 'plain', value };
}

function storedObject(object: AutomationObject, residents: Residents, depth: number): StoredValue {
  const { automationName: typeName } = object;
  if (isScriptInstance(object)) return { kind: 'resident', id: DEAD, typeName };
  if (typeName !== 'Dictionary' || depth >= DEEPEST)
    return { kind: 'resident', id: residents.keep(object), typeName };
  const keys = object.invoke('get', 'Keys', []) as VariantArray;
  const items = object.invoke('get', 'Items', []) as VariantArray;
  const mode = object.invoke('get', 'CompareMode', []) as Scalar;
  return {
    kind: 'dictionary',
    compareMode: mode.value,
    entries: keys.elements.map((key, index) => [
      stored(key, residents, depth + 1),
      stored(items.elements[index], residents, depth + 1),
    ]),
  };
}

export function restored(value: StoredValue, host: Restoring): AutomationValue {
  switch (value.kind) {
    case 'plain':
      return value.value;
    case 'nothing':
      return NOTHING;
    case 'scalar':
      return new Scalar(value.type as ScalarType, value.value);
    case 'array':
      return new VariantArray(
        value.upperBounds,
        value.elements.map((element) => restored(element, host)),
      );
    case 'dictionary': {
      const dictionary = host.createDictionary();
      dictionary.invoke('put', 'CompareMode', [value.compareMode]);
      for (const [key, item] of value.entries)
        dictionary.invoke('call', 'Add', [restored(key, host), restored(item, host)]);
      return dictionary;
    }
    case 'resident':
      if (value.id === DEAD) return deadObject(value.typeName);
      // A thread that was replaced took its objects with it.
      return host.residents.find(value.id) ?? NOTHING;
  }
}

/** True when some of the value lives in a thread. */
export function isResident(value: StoredValue): boolean {
  switch (value.kind) {
    case 'resident':
      return value.id !== DEAD;
    case 'array':
      return value.elements.some(isResident);
    case 'dictionary':
      return value.entries.some(([key, item]) => isResident(key) || isResident(item));
    default:
      return false;
  }
}

/** An object whose script has ended: it is still an object, and has no members. */
function deadObject(automationName: string): AutomationObject {
  return {
    automationName,
    invoke: () => {
      throw new AutomationError(DISP_E.unknownName, '');
    },
  };
}
