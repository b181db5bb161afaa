import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anObject, errorOf } from '../../test/script/support/object-scope.ts';
import {
  ArgumentReference,
  type AutomationArgument,
  automationFace,
  MISSING,
  NOTHING,
  Scalar,
  VariantArray,
  VT,
} from '../automation/index.ts';
import { booleanAt, longAt, numberText, objectAt, textAt, textOf } from './arguments.ts';

const withDefault = automationFace<{ value: string }>({
  name: 'Field',
  defaultMember: 'Value',
  members: { Value: { get: (self) => self.value } },
})({ value: '7' });

for (const [value, text] of [
  ['x', 'x'],
  [undefined, ''],
  [true, 'True'],
  [-5, '-5'],
  [1.5, '1.5'],
  [0.1 + 0.2, '0.3'],
  [1e15, '1E+15'],
  [-1.5e-7, '-0.00000015'],
  [0.00012345678901234567, '1.23456789012346E-04'],
  [1.5e-20, '1.5E-20'],
  [1 / 3, '0.333333333333333'],
  [new Scalar(VT.single, Math.fround(0.1)), '0.1'],
  [new Scalar(VT.currency, 1.2346), '1.2346'],
  [new Scalar(VT.date, 37623), '1/2/2003'],
  [new Scalar(VT.date, 37623.5), '1/2/2003 12:00:00 PM'],
  [new Scalar(VT.date, 0.25), '6:00:00 AM'],
  [new Uint8Array([0x41, 0, 0x42, 0]), 'AB'],
  [withDefault, '7'],
  [
    new ArgumentReference(
      () => 'ref',
      () => {},
    ),
    'ref',
  ],
] as readonly (readonly [AutomationArgument, string])[])
  test(`reads ${text === '' ? 'Empty' : text} as text`, () => assert.equal(textAt([value], 0), text));

for (const [value, long] of [
  ['12', 12],
  [' 1,000 ', 1000],
  ['&hFF', 255],
  [2.5, 2],
  [3.5, 4],
  [-2.5, -2],
  [true, -1],
  [undefined, 0],
  [withDefault, 7],
] as readonly (readonly [AutomationArgument, number])[])
  test(`reads ${String(value)} as the Long ${long}`, () => assert.equal(longAt([value], 0), long));

test('refuses what cannot be read, with the number Windows gives', () => {
  assert.equal(
    errorOf(() => textAt([null], 0)),
    13,
  );
  assert.equal(
    errorOf(() => textAt([NOTHING], 0)),
    13,
  );
  assert.equal(
    errorOf(() => textAt([VariantArray.of([])], 0)),
    13,
  );
  assert.equal(
    errorOf(() => textAt([], 0)),
    449,
  );
  assert.equal(
    errorOf(() => textOf(new Scalar(VT.error, -1))),
    13,
  );
  assert.equal(
    errorOf(() => longAt(['abc'], 0)),
    13,
  );
  assert.equal(
    errorOf(() => longAt([''], 0)),
    13,
  );
  assert.equal(
    errorOf(() => longAt([3e9], 0)),
    6,
  );
  assert.equal(
    errorOf(() => longAt([null], 0)),
    13,
  );
  assert.equal(
    errorOf(() => objectAt(['x'], 0)),
    424,
  );
  assert.equal(
    errorOf(() => objectAt([NOTHING], 0)),
    424,
  );
  assert.equal(
    errorOf(() => textAt([anObject({})], 0)),
    0x80020003 | 0,
  );
});

test('what was left out takes the default', () => {
  assert.equal(textAt([MISSING], 0, 'default'), 'default');
  assert.equal(longAt(['1'], 1, 5), 5);
  assert.equal(booleanAt([], 0, true), true);
});

test('reads switches as Windows does', () => {
  for (const [value, expected] of [
    ['true', true],
    [' FALSE ', false],
    ['0', false],
    [2, true],
    [undefined, false],
  ] as const)
    assert.equal(booleanAt([value], 0), expected);
  assert.equal(
    errorOf(() => booleanAt(['yes'], 0)),
    13,
  );
});

test('numbers are written with as many digits as their subtype has', () => {
  assert.equal(numberText(1234567.891, 7), '1234568');
  assert.equal(numberText(123456789012345680, 15), '1.23456789012346E+17');
  assert.equal(numberText(-0, 15), '0');
});
