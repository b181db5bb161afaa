/**
 * Scripts that try to leave their realm. Each attempt evaluates to what it got hold of; the host then asks whether that
 * leads to anything of its own realm: a prototype chain that ends in the host's Object.prototype, a constructor that
 * compiles code where `process` exists, or a value of it.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  ScriptAbort,
  ScriptError,
  ScriptExit,
  type ScriptSession,
  VariantArray,
} from '../../src/automation/index.ts';
import { createSession } from '../../src/jscript/index.ts';
import { testObject } from '../vbscript/support/test-object.ts';

/** In front of every attempt: what a script would do with something foreign, and a list of what it found. */
const PRELUDE = `
var found = [];
function isForeign(x) {
  if (x === null || (typeof x != "object" && typeof x != "function")) return false;
  try {
    for (var p = x, n = 0; p != null && n < 20; n++) {
      var next = Object.getPrototypeOf(p);
      if (next == null) return p !== Object.prototype && Object.getOwnPropertyNames(p).length > 0 && p.hasOwnProperty !== undefined;
      p = next;
    }
  } catch (e) { return false; }
  return false;
}
var left = 100;
function reaches(x) {
  if (left-- <= 0) return x;
  if (isForeign(x)) found.push("foreign object");
  try { if (x.constructor.constructor("return typeof process")() != "undefined") found.push("process by constructor"); } catch (e) { if (e && e !== x && isForeign(e)) found.push("foreign error"); }
  try { if (x.constructor("return typeof process")() != "undefined") found.push("process by function"); } catch (e) { if (e && e !== x && isForeign(e)) found.push("foreign error"); }
  return x;
}
function attempt(f) { try { return reaches(f()); } catch (e) { reaches(e); return e; } }
`;

const ATTEMPTS: Readonly<Record<string, string>> = {
  'this and its constructor':
    'reaches(this); reaches(this.constructor); attempt(function () { return this.constructor.constructor("return process")(); });',
  'the constructor of functions':
    'attempt(function () { return (function () {}).constructor("return process")(); });',
  'Function itself':
    'attempt(function () { return Function("return process")(); }); attempt(function () { return new Function("return this")(); });',
  'names of the host':
    'attempt(function () { return process; }); attempt(function () { return require; }); attempt(function () { return global; }); attempt(function () { return globalThis; }); attempt(function () { return Buffer; });',
  'a method of the host and its constructor':
    'reaches(TestObject.Add); attempt(function () { return TestObject.Add.constructor("return process")(); });',
  'the object of the host':
    'reaches(TestObject); attempt(function () { return TestObject.constructor; }); attempt(function () { return TestObject.__proto__; });',
  'the prototype of a host object': 'attempt(function () { return Object.getPrototypeOf(TestObject); });',
  'own names of a host object':
    'reaches(Object.getOwnPropertyNames(TestObject)); reaches(Object.keys(TestObject)); attempt(function () { return Object.getOwnPropertyDescriptor(TestObject, "Text"); });',
  'defining on a host object':
    'attempt(function () { return Object.defineProperty(TestObject, "Text", {get: function () { reaches(this); }}); });',
  'call and apply of a method':
    'attempt(function () { return TestObject.Add.call(null, 1, 2); }); attempt(function () { return TestObject.Add.apply(this, [1, 2]); }); attempt(function () { return TestObject.Add.bind; });',
  'call of the object':
    'attempt(function () { return TestObject.call; }); attempt(function () { return Function.prototype.call.call(TestObject); });',
  'an error of the host': 'attempt(function () { TestObject.Fail(0x80040213, "x"); });',
  'a defect of the host': 'attempt(function () { TestObject.Throw(); });',
  'an error for an unknown class': 'attempt(function () { return new ActiveXObject("No.Such"); });',
  'an error of GetObject': 'attempt(function () { return GetObject("nowhere"); });',
  'an error of the engine':
    'attempt(function () { null.x; }); attempt(function () { nowhere; }); attempt(function () { new Array(-1); });',
  'an error of eval': 'attempt(function () { eval("1 +"); }); attempt(function () { new Function("1 +"); });',
  'a full stack below a call':
    'function deep() { try { deep(); } catch (e) { if (left > 0) { reaches(e); throw e; } } } attempt(deep);',
  'a full stack inside the host':
    'function deep() { try { deep(); } catch (e) { reaches(e); } if (left > 0) { try { TestObject.Add(1, 2); } catch (e) { reaches(e); } } } attempt(deep);',
  'a full stack inside an error of the host':
    'function deep() { try { deep(); } catch (e) { reaches(e); } if (left > 0) { try { TestObject.Fail(1, "x"); } catch (e) { reaches(e); } } } attempt(deep);',
  'a full stack inside creation':
    'function deep() { try { deep(); } catch (e) { reaches(e); } if (left > 0) { try { new ActiveXObject("No.Such"); } catch (e) { reaches(e); } } } attempt(deep);',
  'a full stack inside eval':
    'function deep() { try { deep(); } catch (e) { reaches(e); } if (left > 0) { try { eval("1 +"); } catch (e) { reaches(e); } } } attempt(deep);',
  'a full stack inside conversion':
    'function deep() { try { deep(); } catch (e) { reaches(e); } if (left > 0) { try { "" + TestObject; } catch (e) { reaches(e); } } } attempt(deep);',
  'a full stack inside a callback':
    'function deep() { try { deep(); } catch (e) { reaches(e); } if (left > 0) { try { Call(deep); } catch (e) { reaches(e); } } } attempt(deep);',
  'a full stack inside Enumerator':
    'function deep() { try { deep(); } catch (e) { reaches(e); } if (left > 0) { try { new Enumerator(TestObject).item(); } catch (e) { reaches(e); } } } attempt(deep);',
  'a full stack inside VBArray':
    'function deep() { try { deep(); } catch (e) { reaches(e); } if (left > 0) { try { new VBArray(TestObject.Array).toArray(); } catch (e) { reaches(e); } } } attempt(deep);',
  prepareStackTrace:
    'attempt(function () { Error.prepareStackTrace = function (e, frames) { found.push("frames"); return frames; }; null.x; }); attempt(function () { return new Error().stack; });',
  'prepareStackTrace on a new Error':
    'attempt(function () { Error = {prepareStackTrace: function () { found.push("frames"); }}; null.x; }); attempt(function () { this.Error = {prepareStackTrace: function () { found.push("frames"); }}; nowhere(); });',
  'prepareStackTrace by definition':
    'attempt(function () { Object.defineProperty(Error, "prepareStackTrace", {value: function () { found.push("frames"); }}); }); attempt(function () { Object.defineProperty(this, "Error", {value: {prepareStackTrace: function () { found.push("frames"); }}}); null.x; });',
  captureStackTrace: 'attempt(function () { return Error.captureStackTrace({}); });',
  'the stack of an error':
    'attempt(function () { null.x; }); try { null.x; } catch (e) { if (e.stack !== undefined) found.push("stack " + e.stack); }',
  'getters on an error that is harvested':
    'Object.defineProperty(Error.prototype, "name", {get: function () { reaches(this); return "x"; }}); attempt(function () { null.x; }); attempt(function () { TestObject.Nope(); });',
  'toString of an error':
    'Error.prototype.toString = function () { reaches(this); reaches(arguments.callee.caller); return ""; }; attempt(function () { null.x; }); attempt(function () { TestObject.Fail(1, "x"); });',
  'caller of a callback':
    'attempt(function () { Call(function () { reaches(arguments.callee.caller); }); });',
  'caller of a getter':
    'attempt(function () { return Convert({toString: function f() { reaches(f.caller); return ""; }}); });',
  'arguments of a callback':
    'attempt(function () { Call(function () { reaches(arguments); reaches(arguments.callee); reaches(this); }); });',
  'this of a callback': 'attempt(function () { Call(function () { reaches(this); return this; }); });',
  'a callback that throws':
    'attempt(function () { Call(function () { throw {toString: function () { reaches(this); reaches(arguments); return ""; }}; }); });',
  'a callback that returns a trap':
    'attempt(function () { return Call(function () { return {valueOf: function () { reaches(arguments.callee.caller); }}; }); });',
  'toString given to the host':
    'attempt(function () { TestObject.Text = {toString: function () { reaches(this); reaches(arguments.callee.caller); return "t"; }}; });',
  'valueOf given to the host':
    'attempt(function () { return TestObject.Add({valueOf: function () { reaches(this); return 1; }}, 2); });',
  'a getter in an object given to the host':
    'attempt(function () { var o = {}; Object.defineProperty(o, "Name", {get: function () { reaches(this); reaches(arguments.callee.caller); return 1; }}); return Read(o); });',
  'a setter in an object given to the host':
    'attempt(function () { var o = {}; Object.defineProperty(o, "Name", {set: function (v) { reaches(v); reaches(this); }}); return Write(o); });',
  'elements of Array.prototype':
    'for (var i = 0; i < 4; i++) Object.defineProperty(Array.prototype, i, {set: function (v) { reaches(v); reaches(this); }, get: function () { reaches(this); }, configurable: true}); attempt(function () { return TestObject.Add(1, 2); }); attempt(function () { return new VBArray(TestObject.Array).toArray(); }); attempt(function () { return Call(function (a, b) { return arguments; }); });',
  'properties of Object.prototype':
    'Object.prototype.get = Object.prototype.set = Object.prototype.value = function () { reaches(this); }; Object.prototype.proxy = Object.prototype.view = 1; attempt(function () { return TestObject.Add(1, 2); }); attempt(function () { return new Error("x"); }); attempt(function () { TestObject.Nope(); });',
  'a changed Function.prototype':
    'Function.prototype.call = Function.prototype.apply = Function.prototype.bind = function () { reaches(this); reaches(arguments); }; attempt(function () { return TestObject.Add(1, 2); }); attempt(function () { return Call(function () {}); });',
  'a changed String.prototype':
    'String.prototype.toLowerCase = String.prototype.split = function () { reaches(this); reaches(arguments.callee.caller); return this; }; attempt(function () { return Read({name: 1}); }); attempt(function () { return TestObject.TEXT; });',
  'a changed Date.prototype':
    'Date.prototype.getTime = function () { reaches(arguments.callee.caller); return 0; }; attempt(function () { return Call(new Date()); }); attempt(function () { return new Date().getVarDate(); });',
  'what newer languages have':
    'var names = ["Proxy", "Reflect", "Symbol", "Promise", "Map", "Set", "WeakMap", "WeakRef", "FinalizationRegistry", "WebAssembly", "SharedArrayBuffer", "Atomics", "ArrayBuffer", "Uint8Array", "DataView", "BigInt", "Intl", "globalThis", "console", "queueMicrotask", "setTimeout", "Iterator", "ShadowRealm", "AsyncFunction", "structuredClone", "fetch"]; for (var i = 0; i < names.length; i++) if (this[names[i]] !== undefined) found.push(names[i]);',
  'constructors of other functions':
    'attempt(function () { return eval("(function* () {})"); }); attempt(function () { return eval("(async function () {})"); }); attempt(function () { return Function("return async function () {}")(); });',
  'import() by every way':
    'attempt(function () { return eval("import(\'fs\')"); }); attempt(function () { return (0, eval)("import(\'fs\')"); }); attempt(function () { return this["ev" + "al"]("import(\'fs\')"); }); attempt(function () { return new Function("return import(\'fs\')")(); }); attempt(function () { return Function("a = import(\'fs\')", "")(); }); attempt(function () { return (function () {}).constructor("return import(\'fs\')")(); });',
  'import() in comments that are none elsewhere':
    'attempt(function () { return eval("1 <!-- \\n; import(\'fs\')"); }); attempt(function () { return eval("/*\\n*/ --> \\n import(\'fs\')"); });',
  "the engine's own eval by with":
    'attempt(function () { with ({__jscript_code: function (s) { found.push("code"); return s; }, eval: function (s) { found.push("called with " + s); }}) { return eval("1"); } });',
  "the engine's own names by with and null":
    'attempt(function () { var o = Object.create(null); o.__jscript_code = function (s) { found.push("code"); return s; }; o.__jscript_self = function () { found.push("self"); }; with (o) { eval("1"); return TestObject.Add(1, 2); } });',
  'a frozen object in with':
    'attempt(function () { var o = Object.create(null); o.__jscript_code = function (s) { found.push("code"); return s; }; Object.freeze(o); with (o) { return eval("1"); } });',
  "the engine's own names by assignment":
    'this.__jscript_code = this["__jscript_self"] = function (s) { found.push("global name"); return s; }; attempt(function () { eval("1"); return TestObject.Add(1, 2); }); attempt(function () { return eval("__jscript_code"); }); attempt(function () { return eval("__jscript_enter()"); });',
  "the engine's own names by escapes":
    'attempt(function () { return eval("__jscrip\\\\u0074_code"); }); attempt(function () { return eval("\\\\u0065val(\\"import(1)\\")"); });',
  'deleting and replacing eval':
    'attempt(function () { return delete this.eval; }); attempt(function () { this.eval = function (s) { found.push("eval was " + s); }; return eval("1 + 1"); });',
  'eval as a variable':
    'attempt(function () { return eval("var eval = 1"); }); attempt(function () { return new Function("eval", "return eval")(1); }); attempt(function () { return eval("let\\neval = 1"); });',
  symbols:
    'attempt(function () { return Object.getOwnPropertySymbols(Array.prototype); }); attempt(function () { return Object.getOwnPropertyDescriptors(this); });',
  'setting prototypes':
    'attempt(function () { return Object.setPrototypeOf(TestObject, {}); }); attempt(function () { var o = {}; o.__proto__ = TestObject; return o.Text; }); attempt(function () { return {__proto__: TestObject}.Text; }); attempt(function () { return Object.create(TestObject).Add(1, 2); });',
  'accessors of old':
    'attempt(function () { return TestObject.__defineGetter__; }); attempt(function () { return ({}).__lookupGetter__("__proto__"); });',
  'inherited receivers':
    'attempt(function () { var o = Object.create(TestObject); o.Text = "x"; return o + ""; }); attempt(function () { function F() {} F.prototype = TestObject; return new F().Add(1, 2); });',
  'host objects as prototypes of errors':
    'attempt(function () { function E() {} E.prototype = TestObject; throw new E(); }); attempt(function () { throw TestObject; });',
  'Enumerator and VBArray with odd receivers':
    'attempt(function () { return Enumerator.prototype.item.call(TestObject); }); attempt(function () { return VBArray.prototype.toArray.call(TestObject.Array); }); attempt(function () { return new VBArray(TestObject); });',
  'opaque values':
    'reaches(TestObject.Array); reaches(new Date().getVarDate()); attempt(function () { return Object.getPrototypeOf(new Date().getVarDate()); }); attempt(function () { TestObject.Array.x = 1; }); attempt(function () { for (var k in TestObject.Array) found.push(k); });',
  'JSON with host objects':
    'attempt(function () { return JSON.stringify(TestObject); }); attempt(function () { return JSON.stringify({a: TestObject}, function (k, v) { reaches(v); reaches(this); return v; }); }); attempt(function () { return JSON.parse("{}", function (k, v) { reaches(v); return v; }); });',
  'sort and replace callbacks over host values':
    'attempt(function () { return [TestObject, 1].sort(function (a, b) { reaches(a); reaches(b); return 0; }); }); attempt(function () { return "a".replace("a", TestObject.Add); });',
  'array methods on host objects':
    'attempt(function () { return Array.prototype.slice.call(TestObject); }); attempt(function () { return [].concat(TestObject); }); attempt(function () { return Array.prototype.push.call(TestObject, 1); }); attempt(function () { return Math.max.apply(null, TestObject); });',
  'in and delete':
    'attempt(function () { return "constructor" in TestObject; }); attempt(function () { return delete TestObject.Add; });',
  'new on host objects':
    'attempt(function () { return new TestObject(); }); attempt(function () { return new TestObject.Add(1, 2); });',
  'the text of our functions':
    'var all = [ActiveXObject, GetObject, Enumerator, VBArray, eval, Function, Error, Date, parseInt, TestObject.Add]; for (var i = 0; i < all.length; i++) { reaches(all[i]); reaches(all[i].prototype); try { if (/process|require/.test("" + all[i])) found.push("text"); } catch (e) { reaches(e); } }',
  'properties of our functions':
    'var all = [ActiveXObject, Enumerator, VBArray, Error, Date, Function]; for (var i = 0; i < all.length; i++) { var names = Object.getOwnPropertyNames(all[i]); for (var j = 0; j < names.length; j++) attempt(function () { return all[i][names[j]]; }); }',
  'all that the global object holds':
    'var names = Object.getOwnPropertyNames(this); for (var i = 0; i < names.length; i++) { var n = names[i]; if (n != "found") attempt(function () { return this[n]; }); }',
  'a Date that lies':
    'var d = new Date(); d.getTime = d.valueOf = d.toString = function () { reaches(arguments.callee.caller); return {}; }; attempt(function () { return Call(d); }); attempt(function () { return new Date(d); });',
  'objects that survive the session of another':
    'attempt(function () { return Foreign; }); attempt(function () { return Foreign.constructor("return process")(); }); attempt(function () { return Foreign.Name; });',
  'throwing what ends a script': 'attempt(function () { Quit(); }); found.push("went on after the end");',
  'keeping a script alive':
    'try { Quit(); } catch (e) { found.push("caught the end"); } finally { found.push("finally after the end"); }',
  'keeping a script alive by a callback':
    'function again() { try { Call(function () { Quit(); }); } finally { found.push("finally after the end"); } } again(); found.push("went on");',
};

describe('a script stays in its realm', () => {
  for (const [title, source] of Object.entries(ATTEMPTS)) {
    it(title, () => {
      const session = room();
      try {
        session.run(PRELUDE);
        session.run(source, { name: 'attempt.js' });
      } catch (thrown) {
        // An attempt may fail in any way of scripts, and in no other.
        assert.ok(
          thrown instanceof ScriptError || thrown === QUIT,
          `ended by ${thrown instanceof Error ? thrown.stack : String(thrown)}`,
        );
      }
      assert.equal(session.evaluate('found.join("; ")'), '');
    });
  }

  it('holds at least fifty attempts', () => {
    assert.ok(Object.keys(ATTEMPTS).length >= 50);
  });

  it('finds what does reach out: the probe itself works', () => {
    const session = room();
    session.run(PRELUDE);
    session.run('var plain = {}; reaches(plain); reaches([]); reaches(function () {});');
    assert.equal(session.evaluate('found.length'), 0);
  });

  it('does not let the host be given what it did not ask for', () => {
    const session = room();
    // Nothing of these throws into the host or changes it.
    session.run('Object.prototype.invoke = function () { return 1; }; TestObject.Held = {};');
    assert.equal(typeof ({} as { invoke?: unknown }).invoke, 'undefined');
    session.run('Array.prototype.push = null; String.prototype.slice = null;');
    assert.deepEqual([1, 2].slice(1), [2]);
  });
});

describe('a script that will not end', () => {
  for (const [title, source] of [
    ['a loop', 'while (true);'],
    [
      'a loop that catches',
      'while (true) { try { while (true) TestObject.Add(1, 2); } catch (e) {} finally { } }',
    ],
    ['a loop inside a callback', 'Call(function () { for (;;); });'],
    ['a loop inside a conversion', 'Convert({toString: function () { for (;;); }});'],
    ['a loop inside eval', 'eval("for (;;);");'],
    ['a regular expression', '/^(a+)+$/.test("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");'],
    [
      'a loop in a getter while an error is described',
      'var e = new Error(); Object.defineProperty(e, "message", {get: function () { for (;;); }}); throw e;',
    ],
  ] as const) {
    it(`is ended: ${title}`, () => {
      const session = room(200);
      assert.throws(
        () => session.run(source),
        (thrown) => thrown instanceof ScriptAbort && thrown.reason === 'timeout',
      );
      assert.equal(usable(session), 2);
    });
  }
});

/** A short limit may pass while the machine is busy elsewhere. */
function usable(session: ScriptSession): unknown {
  for (let turn = 1; ; turn += 1) {
    try {
      return session.evaluate('1 + 1');
    } catch (thrown) {
      if (!(thrown instanceof ScriptAbort) || turn === 100) throw thrown;
    }
  }
}

const QUIT = new ScriptExit('the end');

/** A session with objects that call back into the script. */
function room(timeMs = 60_000) {
  const session = createSession({
    limits: { timeMs },
    host: { createObject: () => undefined, getObject: () => undefined },
  });
  const add = (name: string, act: (args: readonly never[]) => AutomationValue): void => {
    const object: AutomationObject = {
      automationName: name,
      invoke: (_kind, member, args) => {
        if (member !== '') throw new AutomationError(0x80020006, 'no such member');
        return act(args as readonly never[]);
      },
    };
    session.addObject(name, object);
  };
  const object = (args: readonly never[]) => args[0] as unknown as AutomationObject;
  session.addObject('TestObject', testObject());
  add('Call', (args) => object(args).invoke('call', '', [1, VariantArray.of([1])]));
  add('Convert', (args) => object(args).invoke('get', '', []));
  add('Read', (args) => object(args).invoke('get', 'Name', []));
  add('Write', (args) => object(args).invoke('put', 'Name', [VariantArray.of([])]));
  add('Quit', () => {
    throw QUIT;
  });
  const other = createSession();
  other.run('function Foreign() { return 1; } var Held = {Name: "other"};');
  session.addObject('Foreign', other.procedure('Foreign')!);
  return session;
}
