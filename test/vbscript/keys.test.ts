/** Keys that are computed keep the subtype that the operators give them, in a dictionary and under every other keyed member. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDictionary } from '../../src/objects/dictionary.ts';
import { compileScript, createSession } from '../../src/vbscript/index.ts';

/** Expression over the variables below → TypeName of the key that it makes. */
const KEYS: Readonly<Record<string, string>> = {
  'half + 1.5': 'Double',
  'half - 0.5': 'Double',
  'half * 4': 'Double',
  '2.5 - half': 'Double',
  'long1 - 39999': 'Long',
  '40000 - long1': 'Long',
  'long1 * 0': 'Long',
  'long1 Mod 7': 'Long',
  'short1 Mod 7': 'Integer',
  '-6 Mod 3': 'Integer',
  'short1 + 1': 'Integer',
  'short1 - short1': 'Integer',
  'short1 * short1': 'Integer',
  'short1 * 10000': 'Long',
  'short1 + 32767': 'Long',
  'short1 / 5': 'Double',
  'short1 \\ 2': 'Integer',
  'CLng(1) + 0': 'Long',
  'CDbl(2) + 0': 'Double',
  'text + 1': 'Double',
  '(half + 1.5)': 'Double',
  '-(half + 1.5)': 'Double',
};

/** How a key gets into a dictionary; `KEY` is the expression. */
const WAYS: Readonly<Record<string, string>> = {
  'd(key) = value': 'd(KEY) = "v"',
  'd(key) = what must be evaluated first': 'd(KEY) = Len("a" & text)',
  'Set d(key)': 'Set d(KEY) = d',
  'd.Item(key)': 'd.Item(KEY) = "v"',
  'd.Add key': 'd.Add KEY, "v"',
  'reading d(key)': 'v = d(KEY)',
  'reading d.Item(key)': 'v = d.Item(KEY)',
  'd.Key(old)': 'd("old") = 1 : d.Key("old") = KEY',
  'd(key) in a With': 'With d : .Item(KEY) = 1 : End With',
};

const HEAD = 'half = 0.5 : long1 = 40000 : short1 = 10 : text = "7"\n';

function keysOf(statement: string, isLocal: boolean): string {
  const session = createSession();
  session.addObject('d', createDictionary());
  const body = `${HEAD}${statement}\nFor Each k In d : types = types & TypeName(k) & " " : Next\ntypes = types & d.Count`;
  session.run(
    compileScript(
      isLocal ? `Function f\n${body}\nf = types\nEnd Function\nresult = f` : `${body}\nresult = types`,
    ),
  );
  return session.getVariable('result') as string;
}

describe('the subtype of a computed key', () => {
  for (const [way, statement] of Object.entries(WAYS))
    it(`is kept by ${way}`, () => {
      for (const [expression, type] of Object.entries(KEYS))
        for (const isLocal of [false, true])
          assert.equal(keysOf(statement.replace('KEY', expression), isLocal), `${type} 1`, expression);
    });

  it('does not matter for finding it', () => {
    for (const expression of Object.keys(KEYS))
      assert.equal(
        keysOf(
          `d(${expression}) = 1 : d(CDbl(${expression})) = 2 : d(CCur(${expression})) = d(${expression}) + 1`,
          true,
        )
          .split(' ')
          .at(-1),
        '1',
        expression,
      );
  });

  it('is 0, not -0, for what is left of nothing', () => {
    const session = createSession();
    session.run('x = -6 : y = x Mod 3 : z = 1 / (y + 1) : t = CStr(y)');
    assert.ok(Object.is(session.getVariable('y'), 0));
    assert.equal(session.getVariable('t'), '0');
  });
});
