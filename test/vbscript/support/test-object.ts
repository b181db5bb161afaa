/** An object of the host with members of every kind, for the programs. */
import {
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  NOTHING,
  Scalar,
  VariantArray,
  VT,
} from '../../../src/automation/index.ts';

class TestState {
  text = '';
  held: AutomationValue = undefined;
  readonly items = new Map<string, AutomationValue>();
  readonly list = listFace(['a', 'b', 'c']);
}

const listFace = automationFace<string[]>({
  name: 'List',
  members: {
    Item: {
      get: (self, [index]) => self[Number(index)] ?? '',
      put: (self, [index, value]) => void (self[Number(index)] = String(value)),
      arity: [1, 1],
    },
    Count: { get: (self) => self.length, arity: [0, 0] },
  },
  defaultMember: 'Item',
  enumerate: (self) => self.values(),
});

const face = automationFace<TestState>({
  name: 'TestObject',
  members: {
    Text: {
      get: (self) => self.text,
      put: (self, [text]) => {
        self.text = String(text);
      },
      arity: [0, 0],
    },
    Held: {
      get: (self) => self.held,
      put: (self, [value]) => {
        self.held = value as AutomationValue;
      },
      arity: [0, 0],
    },
    Items: {
      get: (self, [key]) => self.items.get(String(key)),
      put: (self, [key, value]) => {
        self.items.set(String(key), value as AutomationValue);
      },
      arity: [1, 1],
    },
    List: { get: (self) => self.list, arity: [0, 0] },
    Add: { call: (_self, [a, b]) => Number(a) + Number(b), arity: [2, 2] },
    Count: { call: (_self, args) => args.length },
    Null: { get: () => null },
    Nothing: { get: () => NOTHING },
    Bytes: { get: () => Uint8Array.of(65, 66, 67) },
    Decimal: { get: () => new Scalar(VT.decimal, 12.5) },
    Array: { get: () => VariantArray.of([1, 'two', 3.5]) },
    Fail: {
      call: (_self, [hresult, text]) => {
        throw new AutomationError(Number(hresult), String(text ?? ''), { source: 'Test.Object' });
      },
    },
    Throw: {
      call: () => {
        throw new TypeError('a defect of the object');
      },
    },
  },
  defaultMember: 'Text',
  enumerate: (self) => self.items.keys(),
});

export function testObject(): AutomationObject {
  return face(new TestState());
}
