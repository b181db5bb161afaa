import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ArgumentReference,
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  automationFace,
  NOTHING,
  Scalar,
  VariantArray,
  VT,
} from '../automation/index.ts';
import { createDictionary } from '../objects/dictionary.ts';
import type { SourcePosition, TracedCall } from './api.ts';
import { compileScript, ScriptCache } from './compile.ts';
import { walkStatements } from './compiler/analysis.ts';
import { ScriptAbort, ScriptError, ScriptExit } from './errors.ts';
import { Lexer } from './lexer.ts';
import { parseScript } from './parser/script.ts';
import { createSession } from './session.ts';

/** An object that remembers how it was used. */
function recorder(
  answer: (kind: string, member: string, args: readonly unknown[]) => AutomationValue = () => undefined,
  more: Partial<AutomationObject> = {},
): { object: AutomationObject; used: [string, string, readonly unknown[]][] } {
  const used: [string, string, readonly unknown[]][] = [];
  return {
    used,
    object: {
      automationName: 'Recorder',
      invoke: (kind, member, args) => {
        used.push([kind, member, args]);
        return answer(kind, member, args);
      },
      ...more,
    },
  };
}

function failure(run: () => unknown): ScriptError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ScriptError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'no error was thrown' });
}

describe('a session', () => {
  it('runs one compiled script any number of times, each session with its own variables', () => {
    const script = compileScript('count = count + 1');
    const first = createSession();
    const second = createSession();
    first.run(script);
    first.run(script);
    second.run(script);
    assert.deepEqual([first.getVariable('Count'), second.getVariable('COUNT')], [2, 1]);
  });

  it('keeps declarations for the scripts that follow', () => {
    const session = createSession();
    session.run('Function Twice(n) : Twice = n * 2 : End Function');
    session.run('x = Twice(21)');
    assert.equal(session.getVariable('x'), 42);
  });

  it('calls procedures by name, with results and references', () => {
    const session = createSession();
    session.run('Function Add(a, b) : Add = a + b : End Function\nSub Put(ByRef a) : a = "put" : End Sub');
    assert.equal(session.call('ADD', [1, 2]), 3);
    let held: AutomationValue = 'before';
    session.call('Put', [
      new ArgumentReference(
        () => held,
        (value) => {
          held = value;
        },
      ),
    ]);
    assert.equal(held, 'put');
    assert.deepEqual([session.hasProcedure('add'), session.hasProcedure('none')], [true, false]);
    assert.equal(
      failure(() => session.call('None')).message,
      "Microsoft VBScript runtime error: Type mismatch: 'None'",
    );
  });

  it('hands procedures to the host as values', () => {
    const session = createSession();
    const { object, used } = recorder();
    session.addObject('events', object);
    session.run('seen = ""\nSub OnSend(m) : seen = m : End Sub\nSet events.Handler = GetRef("OnSend")');
    const handler = used[0]![2][0] as AutomationObject;
    handler.invoke('call', '', ['mail 1']);
    assert.equal(session.getVariable('seen'), 'mail 1');
    session.procedure('onsend')!.call(['mail 2']);
    assert.equal(session.getVariable('seen'), 'mail 2');
    assert.equal(session.procedure('none'), undefined);
  });

  it('evaluates expressions', () => {
    const session = createSession();
    session.run('x = 5');
    assert.equal(session.evaluate('x * 2 = 10'), true);
    assert.equal(failure(() => session.evaluate('1 +')).number, 1002);
  });

  it('sets variables and constants, and refuses to write to constants and objects', () => {
    const session = createSession();
    session.setVariable('who', 'world');
    session.addConstants({ cdoSendUsingPort: 2, schema: 'urn:x' });
    session.run('text = who & cdoSendUsingPort & SCHEMA');
    assert.equal(session.getVariable('text'), 'world2urn:x');
    assert.equal(failure(() => session.run('cdoSendUsingPort = 1')).number, 501);
  });

  it('makes the members of an object global names when told so', () => {
    const session = createSession();
    const { object, used } = recorder((_kind, member) => `${member}!`, {
      has: (name) => ['echo', 'version'].includes(name.toLowerCase()),
    });
    session.addObject('host', object, { members: true });
    session.run('Echo "a", 1\nx = Version');
    assert.deepEqual(used[0], ['call', 'Echo', ['a', 1]]);
    assert.equal(session.getVariable('x'), 'Version!');
  });

  it('formats with its locale', () => {
    const session = createSession({ locale: 1031 });
    assert.equal(session.toText(1.5), '1,5');
    session.locale = 2057;
    assert.equal(session.toText(new Scalar(VT.date, 37623)), '02/01/2003');
    assert.equal(session.toText(null), '');
    assert.throws(() => createSession({ locale: 7 }), /does not know the locale 7/);
  });

  it('runs Class_Terminate and releases created objects when it ends, once', () => {
    let released = 0;
    const { object, used } = recorder(undefined, { release: () => void (released += 1) });
    const session = createSession({ host: { createObject: () => object } });
    session.run(
      'Class T : Private Sub Class_Terminate : o.Bye : End Sub : End Class\nSet t1 = New T\nSet o = CreateObject("X.Y")',
    );
    session.end();
    session.end();
    assert.deepEqual([used.length, released], [1, 1]);
  });

  it('counts references in what is compiled later, too', () => {
    const session = createSession();
    session.setVariable('s', '');
    session.run('Class T : Private Sub Class_Terminate : s = s & "T" : End Sub : End Class');
    session.run('Set a = New T : Set a = Nothing : s = s & "1"');
    assert.equal(session.getVariable('s'), 'T1');
  });
});

describe('values at the border', () => {
  it('hands common subtypes as plain values and tags the others', () => {
    const session = createSession();
    const { object, used } = recorder();
    session.addObject('o', object);
    session.run(
      'o.M 1, 70000, CLng(3), 1.5, "s", True, Null, Empty, Nothing, CCur(1.5), #1/2/2003#, CByte(7), CSng(0.5), CDbl(2)',
    );
    const [, , args] = used[0]!;
    assert.deepEqual(args.slice(0, 9), [1, 70000, 3, 1.5, 's', true, null, undefined, NOTHING]);
    assert.deepEqual(
      args.slice(9).map((arg) => [(arg as Scalar).type, (arg as Scalar).value]),
      [
        [VT.currency, 1.5],
        [VT.date, 37623],
        [VT.byte, 7],
        [VT.single, 0.5],
        [VT.double, 2],
      ],
    );
  });

  it('takes small whole numbers of an object as Long, all other values as they are', () => {
    const values: AutomationValue[] = [
      5,
      1.5,
      'x',
      null,
      VariantArray.of([1, 'a']),
      Uint8Array.of(1),
      new Scalar(VT.integer, 5),
    ];
    const session = createSession();
    session.addObject('o', recorder((_k, _m, [at]) => values[Number(at)]).object);
    session.run('For i = 0 To 6 : s = s & TypeName(o.Value(i)) & " " : Next');
    assert.equal(session.getVariable('s'), 'Long Double String Null Variant() Byte() Integer ');
  });

  it('keeps subtypes through an object that says so', () => {
    const held: unknown[] = [];
    const session = createSession();
    const { object } = recorder(
      (kind, _member, args) => {
        if (kind === 'put') held.push(args[0]);
        return held[held.length - 1] as AutomationValue;
      },
      { keepsSubtypes: true },
    );
    session.addObject('o', object);
    session.run(
      'For Each v In Array(1, CLng(1), CDbl(1), 70000, 1.5) : o.V = v : s = s & TypeName(o.V) & " " : Next',
    );
    assert.equal(session.getVariable('s'), 'Integer Long Double Long Double ');
  });

  it('keeps subtypes in a Dictionary', () => {
    const session = createSession({ host: { createObject: () => createDictionary() } });
    session.run(
      'Set d = CreateObject("Scripting.Dictionary")\nd("i") = 1 : d("l") = CLng(1) : d("d") = CDbl(1) : d(5) = "five" : Set d("o") = d',
    );
    session.run('For Each k In d.Keys : s = s & TypeName(k) & ":" & TypeName(d(k)) & " " : Next');
    assert.equal(
      session.getVariable('s'),
      'String:Integer String:Long String:Double Integer:String String:Dictionary ',
    );
    assert.equal(session.evaluate('TypeName(d.Count) & d(CLng(5)) & d.Items()(0)'), 'Longfive1');
  });

  it('lets a member put to its arguments when the object says so', () => {
    const session = createSession();
    const { object } = recorder(
      (_kind, _member, [argument]) => {
        (argument as ArgumentReference).put('out');
        return undefined;
      },
      { outArguments: (member) => member.toLowerCase() === 'read' },
    );
    session.addObject('o', object);
    session.run('Sub S : Dim v : o.Read v : result = v : End Sub\nresult = ""\nS\nDim a(1) : o.Read a(1)');
    assert.equal(session.getVariable('result'), 'out');
    assert.equal(session.evaluate('a(1)'), 'out');
  });

  it('lets the host use instances of script classes', () => {
    const session = createSession();
    session.run(
      'Class P : Public Name : Public Function Greet(x) : Greet = "hi " & x : End Function : Private Sub S : End Sub : End Class\nSet p1 = New P',
    );
    const instance = session.getVariable('p1') as AutomationObject;
    instance.invoke('put', 'NAME', ['bob']);
    assert.equal(instance.invoke('get', 'name', []), 'bob');
    assert.equal(instance.invoke('call', 'Greet', ['al']), 'hi al');
    assert.equal(instance.automationName, 'P');
    assert.deepEqual([instance.has!('greet'), instance.has!('s'), instance.has!('')], [true, false, false]);
    assert.equal(failure(() => instance.invoke('call', 'S', [])).number, 438);
  });

  it('reads a property and indexes what it gives when the property takes no arguments', () => {
    const list = automationFace<string[]>({
      name: 'List',
      members: {
        Item: {
          get: (self, [at]) => self[Number(at)],
          put: (self, [at, value]) => {
            self[Number(at)] = String(value);
          },
          arity: [1, 1],
        },
      },
      defaultMember: 'Item',
    })(['a', 'b']);
    const owner = automationFace<object>({
      name: 'Owner',
      members: { Fields: { get: () => list, arity: [0, 0] } },
    })({});
    const session = createSession();
    session.addObject('o', owner);
    session.run('x = o.Fields(1) : o.Fields(0) = "z" : y = o.Fields.Item(0)');
    assert.deepEqual([session.getVariable('x'), session.getVariable('y')], ['b', 'z']);
  });
});

describe('errors', () => {
  it('carry file, line, column, category and number', () => {
    const error = failure(() => createSession().run('x = 1\n  y = 1 / 0', { name: 'c:\\a.vbs' }));
    assert.deepEqual(
      [error.kind, error.number, error.hresult, error.file, error.line, error.column, error.source],
      ['runtime', 11, 0x800a000b | 0, 'c:\\a.vbs', 2, 3, 'Microsoft VBScript runtime error'],
    );
    assert.equal(error.message, 'c:\\a.vbs(2, 3) Microsoft VBScript runtime error: Division by zero');
  });

  it('of compilation carry the text of the line', () => {
    const error = failure(() => compileScript('x = 1\nIf x\n', { name: 'b.vbs' }));
    assert.deepEqual([error.number, error.line, error.column, error.lineText], [1017, 2, 5, 'If x']);
    assert.equal(error.message, "b.vbs(2, 5) Microsoft VBScript compilation error: Expected 'Then'");
    assert.equal(error.hresult, 0x800a03f9 | 0);
  });

  it('name the place in the file that a line came from', () => {
    const origin = (line: number): { file: string; line: number } =>
      line <= 2 ? { file: 'head.inc', line } : { file: 'page.asp', line: line - 2 };
    const source = 'a = 1\nSub S : b = 1 / 0 : End Sub\nx = 1\nS\nfoo 1';
    assert.deepEqual(
      (({ file, line }) => [file, line])(
        failure(() => createSession().run(source, { origin, name: 'page.asp' })),
      ),
      ['head.inc', 2],
    );
    const second = failure(() => createSession().run('\n\n\nfoo 1', { origin }));
    assert.deepEqual([second.file, second.line], ['page.asp', 2]);
    const third = failure(() => compileScript('\n\n\nIf', { origin }));
    assert.deepEqual([third.file, third.line], ['page.asp', 2]);
  });

  it('of objects keep HRESULT, text and source', () => {
    const session = createSession();
    session.addObject(
      'o',
      recorder(() => {
        throw new AutomationError(0x80040213, 'The transport failed.', {
          source: 'CDO.Message.1',
          helpContext: 5,
        });
      }).object,
    );
    const error = failure(() => session.run('o.Send'));
    assert.deepEqual(
      [error.number, error.description, error.source, error.helpContext],
      [-2147220973, 'The transport failed.', 'CDO.Message.1', 5],
    );
  });

  it('that are no errors of scripts become 440 and keep their cause', () => {
    const session = createSession();
    const defect = new TypeError('defect');
    session.addObject(
      'o',
      recorder(() => {
        throw defect;
      }).object,
    );
    const error = failure(() => session.run('o.Send'));
    assert.deepEqual([error.number, error.cause], [440, defect]);
  });
});

describe('an end that no script can trap', () => {
  it('is what a host throws to stop the script', () => {
    const session = createSession();
    const exit = new ScriptExit('quit');
    session.addObject(
      'o',
      recorder(() => {
        throw exit;
      }).object,
    );
    assert.throws(
      () => session.run('On Error Resume Next\no.Quit\nx = 1'),
      (error) => error === exit,
    );
    assert.equal(session.getVariable('x'), undefined);
  });

  for (const [title, source] of [
    ['While True', 'While True : Wend'],
    ['Do Loop', 'On Error Resume Next\nDo\nx = 1 / 0\nLoop'],
    ['For with a step of nothing', 'For i = 1 To 2 Step 0 : Next'],
    [
      'recursion that branches',
      'Function F(n) : If n > 0 Then F = F(n - 1) + F(n - 1)\nEnd Function\nx = F(60)',
    ],
    ['Execute', 'Do : Execute "x = x + 1" : Loop'],
    [
      'a regular expression that explodes',
      'Set r = New RegExp : r.Pattern = "(x+x+)+y" : x = r.Test(String(40, "x"))',
    ],
    ['a function that works long', 'Do : x = Replace(String(100000, "a"), "a", "bb") : Loop'],
  ] as const) {
    it(`is the time limit: ${title}`, () => {
      assert.throws(
        () => createSession({ limits: { timeMs: 50 } }).run(source),
        (error) => error instanceof ScriptAbort && error.reason === 'timeout',
      );
    });
  }

  it('is the step limit, with its place', () => {
    assert.throws(
      () => createSession({ limits: { steps: 1000 } }).run('x = 1\nDo\nx = x + 1\nLoop', { name: 'l.vbs' }),
      (error) =>
        error instanceof ScriptAbort && error.reason === 'steps' && error.file === 'l.vbs' && error.line >= 3,
    );
  });

  it('is the output limit', () => {
    const session = createSession({ limits: { outputLength: 10 } });
    session.addObject(
      'out',
      recorder((_k, _m, [text]) => void session.countOutput(String(text).length)).object,
    );
    assert.throws(
      () => session.run('On Error Resume Next\nout.Write "12345"\nout.Write "123456"'),
      (error) => error instanceof ScriptAbort && error.reason === 'output',
    );
  });
});

describe('limits that are errors of the language', () => {
  for (const [limit, source, number] of [
    [{ callDepth: 50 }, 'Sub S : S : End Sub\nS', 28],
    [{ stringLength: 1000 }, 's = "x" : Do : s = s & s : Loop', 14],
    [{ stringLength: 1000 }, 's = String(2000, "x")', 14],
    [{ stringLength: 1000 }, 's = Replace(String(900, "x"), "x", "yy")', 14],
    [{ stringLength: 1000 }, 's = Join(Array(String(900, "x"), String(900, "x")))', 14],
    [{ arrayElements: 1000 }, 'Dim a(1001)', 7],
    [{ arrayElements: 1000 }, 'ReDim a(50, 50)', 7],
    [{ arrayElements: 10 }, 'a = Split("1,2,3,4,5,6,7,8,9,0,1,2", ",")', 7],
    [{ allocation: 5000 }, 'Do : ReDim a(100) : Loop', 7],
    [{ allocation: 5000 }, 'Class C : End Class : Do : Set a = New C : Loop', 7],
  ] as const) {
    it(`${JSON.stringify(limit)} ends '${source.split('\n')[0]}' with ${number}`, () => {
      assert.equal(failure(() => createSession({ limits: limit }).run(source)).number, number);
    });
  }

  it('let the native stack end in error 28, too', () => {
    const session = createSession({ limits: { callDepth: 1_000_000 } });
    assert.equal(failure(() => session.run('Sub S : S : End Sub\nS')).number, 28);
    session.run('x = 5');
    assert.equal(session.getVariable('x'), 5);
  });
});

describe('the trace', () => {
  const source = [
    'Dim x',
    'x = o.Size',
    'If x > 3 Then',
    '  o.Name = "n"',
    'End If',
    'Set f = CreateObject("A.B")',
    'y = 1 / 0',
  ].join('\n');

  function traced(trace: boolean): {
    lines: number[];
    conditions: unknown[];
    calls: [number, TracedCall][];
    errors: number[];
  } {
    const seen = {
      lines: [] as number[],
      conditions: [] as unknown[],
      calls: [] as [number, TracedCall][],
      errors: [] as number[],
    };
    const at = (position: SourcePosition): number => position.line;
    const session = createSession({
      host: { createObject: () => recorder().object },
      trace: {
        line: (position) => seen.lines.push(at(position)),
        condition: (_position, value) => seen.conditions.push(value),
        call: (position, call) => seen.calls.push([at(position), call]),
        error: (_position, error) => seen.errors.push(error.number),
      },
    });
    session.addObject('o', recorder((kind) => (kind === 'get' ? 5 : undefined)).object);
    failure(() => session.run(compileScript(source, { trace })));
    return seen;
  }

  it('reports lines, conditions, calls with arguments and results, creations and errors', () => {
    const seen = traced(true);
    assert.deepEqual(seen.lines, [2, 3, 4, 6, 7]);
    assert.deepEqual(seen.conditions, [true]);
    assert.deepEqual(
      seen.calls.map(([line, call]) => [line, call.kind, call.object, call.member, call.args]),
      [
        [2, 'get', 'Recorder', 'Size', []],
        [4, 'put', 'Recorder', 'Name', ['n']],
        [6, 'create', 'A.B', 'CreateObject', ['A.B']],
      ],
    );
    assert.equal(seen.calls[0]![1].result, 5);
    assert.deepEqual(seen.errors, [11]);
  });

  it('has no line reports when the script was compiled without it', () => {
    const seen = traced(false);
    assert.deepEqual([seen.lines, seen.conditions], [[], []]);
  });
});

describe('generated code', () => {
  for (const source of [
    'x = "\u2028\u2029"',
    'x = "</script><!--"',
    `x = "\`$\{1}\\"`,
    'Dim [a"; process.exit(); "] : [a"; process.exit(); "] = 1',
    'Class [x"] = 1; //] : Public [y"] = 2; //] : End Class : Set c = New [x"] = 1; //] : c.[y"] = 2; //] = 5',
    'Sub [p(){}; //] : End Sub : [p(){}; //]',
    'o.[m"](); process.exit(); ("] = 1',
    'On Error Resume Next : x = constructor : x = [__proto__] : y = this : z = [toString](1) : [hasOwnProperty] 1',
    'On Error Resume Next : o.constructor "return process" : x = o.[__proto__].constructor : o.prototype = 1',
    'Class K : End Class : Set k1 = New K : On Error Resume Next : x = k1.constructor : x = k1.[m$toString$0] : x = k1.description : k1.references = 5 : k1.host = 1',
    'Class P : Public constructor, [__proto__], description, host : End Class : Set p1 = New P : p1.constructor = 1 : p1.[__proto__] = 2 : p1.host = 3 : p1.description = 4',
    'Sub constructor : End Sub : Sub [__proto__] : End Sub : constructor : [__proto__]',
  ]) {
    it(`keeps ${JSON.stringify(source.slice(0, 60))} inside the language`, () => {
      const globals = Object.getOwnPropertyNames(globalThis).length;
      const session = createSession();
      session.addObject('o', automationFace<object>({ name: 'O', members: {} })({}));
      try {
        session.run(source);
      } catch (error) {
        assert.ok(
          error instanceof ScriptError && error.number !== 51,
          String((error as Error).cause ?? error),
        );
      }
      assert.equal(Object.getOwnPropertyNames(globalThis).length, globals);
      assert.equal(({} as Record<string, unknown>)['constructor'], Object);
    });
  }

  it('gives fields with hostile names their own values', () => {
    const session = createSession();
    session.run(
      'Class P : Public constructor, [__proto__], host : End Class\nSet p1 = New P : p1.constructor = 1 : p1.[__proto__] = 2 : p1.host = 3\nx = p1.constructor & p1.[__proto__] & p1.host',
    );
    assert.equal(session.getVariable('x'), '123');
  });
});

describe('a cache', () => {
  it('gives the same unit for the same text and options, and drops the least used', () => {
    const cache = new ScriptCache(2);
    const first = cache.get('x = 1');
    assert.equal(cache.get('x = 1'), first);
    assert.notEqual(cache.get('x = 1', { trace: true }), first);
    cache.get('x = 2');
    assert.notEqual(cache.get('x = 1'), first);
  });
});

it('refuses sources nested beyond what the platform could run', () => {
  for (const source of [
    `x = ${'('.repeat(500)}1`,
    `x = ${'-'.repeat(500)}1`,
    'If 1 Then '.repeat(500),
    'Do\n'.repeat(500),
  ]) {
    assert.equal(failure(() => compileScript(source)).number, 1001);
  }
  compileScript(`x = ${Array.from({ length: 3000 }, () => '1').join(' + ')}`);
  compileScript(`x = ${Array.from({ length: 3000 }, () => '"a"').join(' & _\n')}`);
});

it('gives the tree to whoever asks', () => {
  const { body, optionExplicit } = parseScript('Option Explicit\nDim m\nSet m = CreateObject("CDO.Message")');
  assert.equal(optionExplicit, true);
  assert.deepEqual(
    body.map((statement) => statement.kind),
    ['dim', 'assign'],
  );
  const source = 'If a Then\n  Set m = CreateObject("CDO.Message")\nEnd If';
  const places: string[] = [];
  const lexer = new Lexer(source);
  walkStatements(parseScript(source).body, (statement) => {
    const { line, column } = lexer.positionOf(statement.at);
    places.push(`${statement.kind} ${line}:${column}`);
  });
  assert.deepEqual(places, ['if 1:1', 'assign 2:3']);
});

it('builds strings without copying them at each step', () => {
  // 100,000 steps on a string of 20 million units: copying at each step would move a terabyte.
  const session = createSession({ limits: { timeMs: 60_000 } });
  session.run('s = String(20000000, "x")\nFor i = 1 To 100000 : s = s & "y" : Next\nn = Len(s)');
  assert.equal(session.getVariable('n'), 20_100_000);
});
