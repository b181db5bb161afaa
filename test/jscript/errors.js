// Errors.
//==== numbers and texts of the language's own errors
try { nope(); } catch (e) { Echo(e.number, e.number & 0xffff, e.number >> 16 & 0x1fff, e.description); } // expect: -2146823281 5007 10 Object expected
try { nope; } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 5009 'nope' is undefined
try { nope.x; } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 5009 'nope' is undefined
try { new Nope(); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 5009 'Nope' is undefined
try { var u; u.x; } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 5007 'u' is null or not an object
try { null.x; } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 5007 'null' is null or not an object
try { var o = {}; o.a.b; } catch (e) { Echo(e.message); } // expect: 'o.a' is null or not an object
try { o.a.b.c(); } catch (e) { Echo(e.message); } // expect: 'o.a' is null or not an object
try { o.a.b = 1; } catch (e) { Echo(e.message); } // expect: 'o.a' is null or not an object
try { o.a["b"]; } catch (e) { Echo(e.message); } // expect: 'o.a' is null or not an object
try { o.m(); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 438 Object doesn't support this property or method
try { "x".nope(); } catch (e) { Echo(e.number & 0xffff); } // expect: 438
try { u(); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 5007 Object expected
try { (5)(); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 5002 Function expected
try { new o(); } catch (e) { Echo(e.number & 0xffff); } // expect: 445
try { 1 in 2; } catch (e) { Echo(e.number & 0xffff); } // expect: 5007
try { o instanceof 5; } catch (e) { Echo(e.number & 0xffff); } // expect: 5002
try { new Array(-1); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 5029 Array length must be a finite positive integer
try { decodeURIComponent("%"); } catch (e) { Echo(e.number & 0xffff); } // expect: 5025
try { encodeURIComponent("\ud800"); } catch (e) { Echo(e.number & 0xffff); } // expect: 5024
try { (1).toFixed(101); } catch (e) { Echo(e.number & 0xffff); } // expect: 5026
try { (1).toPrecision(101); } catch (e) { Echo(e.number & 0xffff); } // expect: 5027
try { new RegExp("("); } catch (e) { Echo(e.number & 0xffff); } // expect: 5020
try { new RegExp("["); } catch (e) { Echo(e.number & 0xffff); } // expect: 5019
try { new RegExp("*"); } catch (e) { Echo(e.number & 0xffff); } // expect: 5018
try { new RegExp("[b-a]"); } catch (e) { Echo(e.number & 0xffff); } // expect: 5021
try { new RegExp("a", "q"); } catch (e) { Echo(e.number & 0xffff); } // expect: 5017
try { Date.prototype.getTime.call({}); } catch (e) { Echo(e.number & 0xffff); } // expect: 5006
try { Date.prototype.toString.call({}); } catch (e) { Echo(e.number & 0xffff); } // expect: 5006
try { Number.prototype.toString.call("x"); } catch (e) { Echo(e.number & 0xffff); } // expect: 5001
try { String.prototype.valueOf.call({}); } catch (e) { Echo(e.number & 0xffff); } // expect: 5005
try { Boolean.prototype.valueOf.call({}); } catch (e) { Echo(e.number & 0xffff); } // expect: 5010
try { Function.prototype.toString.call({}); } catch (e) { Echo(e.number & 0xffff); } // expect: 5002
try { Math.max.apply(null, 5); } catch (e) { Echo(e.number & 0xffff); } // expect: 5028
try { (12).toString(99); } catch (e) { Echo(e.number & 0xffff); } // expect: 5
try { eval("1 +"); } catch (e) { Echo(e.number & 0xffff, e.name, e.message); } // expect: 1002 SyntaxError Syntax error
try { eval("f(1"); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 1006 Expected ')'
try { new Function("a b", ""); } catch (e) { Echo(e.number & 0xffff, e instanceof SyntaxError); } // expect: 1006 True
try { new Function("}), (function () {"); } catch (e) { Echo(e.number & 0xffff); } // expect: 1002
var circle = {}; circle.c = circle; try { JSON.stringify(circle); } catch (e) { Echo(e.number & 0xffff); } // expect: 5034
function deep() { deep(); } try { deep(); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 28 Out of stack space
//==== Error objects
var e = new Error(5, "five"); Echo(e.number, e.description, e.message, e.name); // expect: 5 five five Error
e = new Error("text"); Echo(e.number, e.description, e.message); // expect: 0 text text
e = new Error(); Echo(e.number, e.description === "", e.message === ""); // expect: 0 True True
e = new Error(1234); Echo(e.number, e.message === ""); // expect: 1234 True
e = Error("without new"); Echo(e.message, e instanceof Error); // expect: without new True
e = new TypeError("t"); Echo(e.name, e instanceof TypeError, e instanceof Error, e.constructor === TypeError); // expect: TypeError True True True
Echo("" + new Error("x"), String(new RangeError("y"))); // expect: [object Error] [object Error]
e = new Error("m"); e.number = 7; e.description = "d"; Echo(e.number, e.description, e.message); // expect: 7 d m
Echo(e.stack === undefined, typeof Error.captureStackTrace); // expect: True undefined
function MyError(m) { this.message = m; } MyError.prototype = new Error(); e = new MyError("mine");
Echo(e instanceof MyError, e instanceof Error, e.message); // expect: True True mine
try { throw new MyError("thrown"); } catch (x) { Echo(x.message, x instanceof MyError); } // expect: thrown True
var s = ""; for (var k in new Error("z")) s += k; Echo(s === ""); // expect: True
//==== try, catch, finally, throw
try { throw 5; } catch (x) { Echo(x, typeof x); } // expect: 5 number
try { throw {code: 3}; } catch (x) { Echo(x.code); } // expect: 3
var log = ""; try { log += "t"; } finally { log += "f"; } Echo(log); // expect: tf
function order() { try { return "try"; } finally { log += "!"; } } Echo(order(), log); // expect: try tf!
function wins() { try { throw 1; } catch (x) { return "catch"; } finally { return "finally"; } } Echo(wins()); // expect: finally
try { try { throw "inner"; } finally { log = "passed"; } } catch (x) { Echo(x, log); } // expect: inner passed
try { try { nope(); } catch (x) { throw x; } } catch (y) { Echo(y.number & 0xffff); } // expect: 5007
var first; try { nope(); } catch (x) { first = x; } try { throw first; } catch (y) { Echo(y === first, y.number & 0xffff); } // expect: True 5007
try { throw (1, "two"); } catch (x) { Echo(x); } // expect: two
for (var i = 0; i < 3; i++) { try { if (i == 1) continue; log = i; } finally { log += "."; } } Echo(log); // expect: 2.
//==== errors of objects
try { TestObject.Fail(0x80040213, "The transport failed"); } catch (e) { Echo(e.number, e.message, e.description); } // expect: -2147220973 The transport failed The transport failed
try { TestObject.Fail(0x80070005, ""); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 70 Permission denied
try { TestObject.Fail(0x800A0035, ""); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 53 File not found
try { TestObject.Fail(0x80020005, ""); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 13 Type mismatch
try { TestObject.Fail(0x80041234, ""); } catch (e) { Echo(e.number, e.message === ""); } // expect: -2147216844 True
try { TestObject.Throw(); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 440 Automation error
try { TestObject.Nope(); } catch (e) { Echo(e.number & 0xffff, e instanceof Error, e.name); } // expect: 438 True Error
//==== nobody catches: an undeclared name
var a = 1;
  nope.x = 2; // expect error: 5009 'nope' is undefined
//==== nobody catches: a call
Echo("before"); // expect: before
nope(1); // expect error: 5007 Object expected
//==== nobody catches: inside a function
function inner() {
  var x = null;
  return x.y; // expect error: 5007 'x' is null or not an object
}
inner();
//==== nobody catches: thrown text
throw "text"; // expect error: 5022 Exception thrown and not caught
//==== nobody catches: a thrown error with its text
throw new Error("told"); // expect error: 0 told
//==== nobody catches: number and text
throw new Error(1001, "own"); // expect error: 1001 own
//==== nobody catches: an object's error
TestObject.Fail(0x80040213, "The transport failed"); // expect error: -2147220973 The transport failed
//==== nobody catches: rethrown from a catch
try {
  nope(); // expect error: 5007 Object expected
} catch (e) {
  throw e;
}
//==== nobody catches: a statement over several lines is known by its first
var text = "a" + // expect error: 5009 'missing' is undefined
  "b" +
  missing;
//==== nobody catches: inside eval
var q = 1;
eval("q.r.s"); // expect error: 5007 Object expected
//==== nobody catches: the stack is full
function f() { f(); } // expect error: 28 Out of stack space
f();
//==== does not compile: an expression is missing
x = ; // expect compile error: 1002, 5
//==== does not compile: semicolon
var a = 1 var b; // expect compile error: 1004, 11
//==== does not compile: parenthesis
if a) b(); // expect compile error: 1005, 4
//==== does not compile: closing parenthesis
f(1, 2; // expect compile error: 1006, 7
//==== does not compile: bracket
a[1; // expect compile error: 1007, 4
//==== does not compile: brace
function f() return 1; // expect compile error: 1008, 14
//==== does not compile: closing brace
function f() { // expect compile error: 1009, 15
//==== does not compile: identifier
var 1x; // expect compile error: 1004, 6
//==== does not compile: identifier, plainly
var = 5; // expect compile error: 1010, 5
//==== does not compile: a word of the language as a name
var class = 1; // expect compile error: 1010, 5
//==== does not compile: an open string
var s = "open; // expect compile error: 1015, 9
//==== does not compile: an open comment
/* never closed // expect compile error: 1016, 1
//==== does not compile: return outside
return 5; // expect compile error: 1018, 1
//==== does not compile: break outside
break; // expect compile error: 1019, 1
//==== does not compile: continue outside
continue; // expect compile error: 1020, 1
//==== does not compile: label
while (1) break nowhere; // expect compile error: 1026, 11
//==== does not compile: label twice
a: a: while (0); // expect compile error: 1025, 4
//==== does not compile: hexadecimal
var n = 0xZ; // expect compile error: 1023, 11
//==== does not compile: while
do { } until (1); // expect compile error: 1024, 8
//==== does not compile: default twice
switch (1) { default: default: } // expect compile error: 1027, 23
//==== does not compile: catch
try { } x = 1; // expect compile error: 1033, 1
//==== does not compile: character
var a = #; // expect compile error: 1014, 9
//==== does not compile: conditional compilation outside a comment
@cc_on // expect compile error: 1014, 1
//==== does not compile: throw
throw // expect compile error: 1035, 6
"x";
//==== does not compile: regular expression
var r = /open; // expect compile error: 1012, 9
//==== does not compile: arrow functions are of a later language
var f = (x) => x; // expect compile error: 1002, 14
//==== does not compile: import() is of a later language
import("fs"); // expect compile error: 1002, 1
//==== does not compile: template strings are of a later language
var t = `x`; // expect compile error: 1014, 9
//==== does not compile: classes are of a later language
class A {} // expect compile error: 1002, 1
//==== does not compile: names of the engine
var __jscript_self = 1; // expect compile error: 1010, 5
//==== does not compile: a value as target
(f(1)) = 2; // expect compile error: 5003, 6
