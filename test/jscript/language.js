// The language itself.
//==== numbers, strings and truth
Echo(1 + 2 * 3, 7 % 4, 2.5 + 0.25, 1 / 4); // expect: 7 3 2.75 0.25
Echo(010, 0x1F, 1e3, .5, -0x10); // expect: 8 31 1000 0.5 -16
Echo("a" + 1, 1 + "a", "3" * "4", "5" - 2); // expect: a1 1a 12 3
Echo("" + true, "" + null, "" + undefined); // expect: true null undefined
Echo(true, false); // expect: True False
Echo(null, undefined, "|"); // expect:   |
Echo(1 == "1", null == undefined, null == 0, "" == 0); // expect: True True False True
Echo(1 === "1", NaN == NaN, "a" < "b"); // expect: False False True
Echo(5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4, -16 >> 2, -1 >>> 28); // expect: 1 7 6 -6 16 -4 15
Echo(!0, !"", !"a", !!null); // expect: True True False False
Echo("x" in {x: 1}, void 0 === undefined, (1, 2)); // expect: True True 2
Echo(1 / 0 == Infinity, isNaN(0 / 0), isFinite(1 / 0)); // expect: True True False
Echo("" + 1 / 3, "" + 1e21, "" + 0.1 + 0.2); // expect: 0.3333333333333333 1e+21 0.10.2
//==== typeof
Echo(typeof 1, typeof "a", typeof true, typeof undefined); // expect: number string boolean undefined
Echo(typeof null, typeof {}, typeof [], typeof function () {}); // expect: object object object function
Echo(typeof nowhere, typeof(nowhere), typeof (nowhere)); // expect: undefined undefined undefined
Echo(typeof TestObject, typeof TestObject.Text, typeof TestObject.Add); // expect: object string unknown
Echo(typeof TestObject.Array, typeof TestObject.Nothing, typeof TestObject.NoSuchMember); // expect: unknown object undefined
Echo(typeof new Date(), typeof new Date().getVarDate(), typeof /a/); // expect: object date object
Echo(typeof typeof 1, typeof (1, "a"), typeof -1); // expect: string string number
Echo(typeof Echo == "object" ? "host" : "other"); // expect: host
Echo(typeof eval, typeof ActiveXObject, typeof Math.floor); // expect: function function function
//==== variables and functions are hoisted
Echo(typeof later, typeof hoisted); // expect: undefined function
var later = 1;
function hoisted() { return "called"; }
Echo(hoisted(), this.later, this.hoisted === hoisted); // expect: called 1 True
undeclared = 5;
Echo(undeclared, delete this.undeclared, typeof undeclared); // expect: 5 True undefined
var f = function fact(n) { return n < 2 ? 1 : n * fact(n - 1); };
Echo(f(5), f.length, f(10)); // expect: 120 1 3628800
Echo((function () { return arguments.length; })(1, 2, 3)); // expect: 3
Echo((function (n) { return n == 0 ? "end" : arguments.callee(n - 1); })(3)); // expect: end
//==== a function declared in a block is known from its block on
if (true) { function inBlock() { return "first"; } } else { function inBlock() { return "second"; } }
Echo(inBlock()); // expect: first
//==== closures, this, prototypes
function Counter(start) { this.n = start; }
Counter.prototype.next = function () { return ++this.n; };
Counter.prototype.toString = function () { return "Counter " + this.n; };
var c = new Counter(4);
Echo(c.next(), c.next(), c, c instanceof Counter); // expect: 5 6 Counter 6 True
Echo(c.hasOwnProperty("n"), c.hasOwnProperty("next"), c.constructor === Counter); // expect: True False True
function adder(a) { return function (b) { return a + b; }; }
Echo(adder(2)(3), adder("x")("y")); // expect: 5 xy
Echo(Counter.prototype.next.call({n: 9}), Math.max.apply(null, [3, 9, 4])); // expect: 10 9
function outer() { return this === top; }
var top = this;
Echo(outer(), outer.call(null), (function () { return typeof this; }).call(5)); // expect: True True object
function Base() {} Base.prototype.who = "base"; function Derived() {} Derived.prototype = new Base();
Echo(new Derived().who, new Derived() instanceof Base); // expect: base True
//==== statements
var s = ""; for (var i = 0; i < 4; i++) { if (i == 1) continue; if (i == 3) break; s += i; }
Echo(s); // expect: 02
s = ""; var n = 3; while (n--) s += n; Echo(s); // expect: 210
s = ""; do { s += n; } while (++n < 2); Echo(s); // expect: -101
s = ""; for (var k in {b: 1, a: 2}) s += k; Echo(s); // expect: ba
s = ""; for (k in [7, 8]) s += k; Echo(s); // expect: 01
outerLoop: for (i = 0; i < 3; i++) for (var j = 0; j < 3; j++) { if (j == 1) continue outerLoop; if (i == 2) break outerLoop; }
Echo(i, j); // expect: 2 0
switch ("b") { case "a": s = 1; case "b": s = 2; case "c": s += 1; break; default: s = 9; }
Echo(s); // expect: 3
switch (4) { default: s = "d"; case 1: s += "1"; } Echo(s); // expect: d1
block: { s = "in"; break block; s = "never"; } Echo(s); // expect: in
;;; var a = 1, b = a + 1; Echo(a, b); // expect: 1 2
if (a) Echo("then"); else Echo("else"); // expect: then
for (var p = 0, q = 3; p < q; p++, q--); Echo(p, q); // expect: 2 1
//==== with
with (Math) { Echo(max(1, floor(2.7))); } // expect: 2
var o = {x: 1, f: function () { return this.x; }};
with (o) { x = 5; Echo(x, f()); } // expect: 5 5
Echo(o.x); // expect: 5
with ("text") { Echo(length, charAt(0)); } // expect: 4 t
with (new Date(2005, 4, 6)) { Echo(getDate(), getMonth()); } // expect: 6 4
with ({y: 2}) { var fromEval = eval("y + 1"); } Echo(fromEval); // expect: 3
with (TestObject) { Text = "by with"; Echo(Text); } // expect: by with
Echo(TestObject.Text); // expect: by with
//==== arrays
var a = [3, 1, 2];
Echo("" + a, a.length, "" + a.sort(), a.reverse().join("-")); // expect: 3,1,2 3 1,2,3 3-2-1
Echo([1, 2,].length, [,].length, [1, , 3].length, [].length); // expect: 3 2 3 0
a = [1, 2, 3, 4];
Echo(a.push(5), a.pop(), a.shift(), a.unshift(9), a); // expect: 5 5 1 4 9,2,3,4
Echo(a.slice(1, 3), a.concat([7], 8), a.splice(1, 2), a); // expect: 2,3 9,2,3,4,7,8 2,3 9,4
a = [1, 2, 3]; a.splice(1); Echo(a.length); // expect: 3
Echo(new Array(3).join("x"), new Array(1, 2).length, Array(2).length); // expect: xx 2 2
Echo([1, 2, 3].indexOf(2), [1, 2, 3].map(function (x) { return x * 2; })); // expect: 1 2,4,6
a = []; a[5] = 1; Echo(a.length, a[2] === undefined, 2 in a); // expect: 6 True False
Echo([10, 9, 1].sort(), [10, 9, 1].sort(function (x, y) { return x - y; })); // expect: 1,10,9 1,9,10
//==== strings
Echo("Mailroot".length, "Mailroot".charAt(4), "Mailroot".charCodeAt(0)); // expect: 8 r 77
Echo("a,b,c".split(","), "abc".split(""), "a-b".split("-").length); // expect: a,b,c a,b,c 2
Echo("Hello".toUpperCase(), "Hello".toLowerCase(), " x ".trim()); // expect: HELLO hello x
Echo("hello".indexOf("l"), "hello".lastIndexOf("l"), "hello".indexOf("z")); // expect: 2 3 -1
Echo("hello".substring(3, 1), "hello".substr(1, 3), "hello".slice(-3)); // expect: el ell llo
Echo("hello".substr(-3), "hello".substr(-3, 2), "hello".substr(2)); // expect: hello he llo
Echo("a.b.c".replace(".", "-"), "a.b.c".replace(/\./g, "-")); // expect: a-b.c a-b-c
Echo("x1y22".replace(/\d+/g, function (m, at) { return "[" + m + "@" + at + "]"; })); // expect: x[1@1]y[22@3]
Echo(String.fromCharCode(77, 97), "text".bold(), "t".link("u")); // expect: Ma <b>text</b> <a href="u">t</a>
Echo("abc".match(/b/).index, "aXbX".match(/X/g).length, "abc".search(/c/)); // expect: 1 2 2
Echo("\x41\u0042\103", 'it\'s'); // expect: ABC it's
var joined = "a\
b"; Echo(joined); // expect: ab
//==== regular expressions
var r = /(\w+)@(\w+)\.com/i;
Echo(r.test("Bob@Example.com"), RegExp.$1, RegExp.$2); // expect: True Bob Example
var m = r.exec("to ann@mail.com"); Echo(m[0], m[1], m.index); // expect: ann@mail.com ann 3
var g = /a/g; g.exec("aa"); Echo(g.lastIndex, g.global, g.source, "" + g); // expect: 1 True a /a/g
Echo(new RegExp("^\\d{3}$").test("123"), "a\nb".match(/^b/m) != null); // expect: True True
//==== objects and JSON
var o = {a: 1, "b c": 2, 3: "three", if_: 4};
Echo(o.a, o["b c"], o[3], delete o.a, o.a === undefined); // expect: 1 2 three True True
Echo(JSON.stringify({x: [1, "a", null]}), JSON.parse("{\"k\": [5]}").k[0]); // expect: {"x":[1,"a",null]} 5
var getter = Object.defineProperty({}, "v", {get: function () { return "got"; }}); Echo(getter.v); // expect: got
Echo(Object.keys({p: 1, q: 2}), "" + {}, [1, [2, 3]]); // expect: p,q [object Object] 1,2,3
//==== built-in functions
Echo(parseInt("12px"), parseInt("ff", 16), parseInt("0x10"), parseFloat("3.5x")); // expect: 12 255 16 3.5
Echo(parseInt("010"), parseInt("09"), parseInt("010", 10), parseInt(" -017")); // expect: 8 0 10 -15
Echo(escape("a b&\u00e9"), unescape("%41%u0042")); // expect: a%20b%26%E9 AB
Echo(encodeURIComponent("a b&"), decodeURIComponent("%26"), encodeURI("a b?c")); // expect: a%20b%26 & a%20b?c
Echo(Math.round(2.5), Math.pow(2, 10), Math.abs(-3), Math.min(4, 2)); // expect: 3 1024 3 2
Echo((3.14159).toFixed(2), (255).toString(16), (1234.5).toExponential(2)); // expect: 3.14 ff 1.23e+3
Echo(Number("12") + 1, String(12) + 1, Boolean("") ? "t" : "f"); // expect: 13 121 f
Echo(ScriptEngine(), ScriptEngineMajorVersion(), ScriptEngineMinorVersion()); // expect: JScript 5 8
//==== eval and Function
var here = 1;
Echo(eval("here + 1"), eval("var made = 7; made * 2"), made); // expect: 2 14 7
function local() { var here = 10; return eval("here + 1"); } Echo(local()); // expect: 11
function viaAlias() { var here = 10, e = eval; return e("here + 1"); } Echo(viaAlias()); // expect: 2
Echo(this.eval("here"), eval(5), eval(), typeof eval("(function(){})")); // expect: 1 5  function
var sum = new Function("a", "b", "return a + b"); Echo(sum(2, 3), sum.length, Function("return 4")()); // expect: 5 2 4
Echo(eval("TestObject.Items(\"k\") = 3; TestObject.Items(\"k\")")); // expect: 3
eval("function fromEval() { return 'ok'; }"); Echo(fromEval()); // expect: ok
var indirect = (0, eval)("here"); Echo(indirect); // expect: 1
//==== comments of every kind
Echo(1 /* inside */ + /* two */ 2); // expect: 3
/*@cc_on @*/
/*@if (@_jscript) Echo("read as a comment"); @end @*/
Echo("after conditional compilation"); // expect: after conditional compilation
<!-- a line for old browsers
Echo("behind the HTML comment"); // expect: behind the HTML comment
-->
//==== "use strict" has no meaning
function strict() { "use strict"; undeclaredInside = 1; return typeof this; }
Echo(strict(), undeclaredInside, 017); // expect: object 1 15
with ({z: 3}) Echo(z); // expect: 3
//==== words that later versions reserve are names
var async = 1, await = 2, of = 3, static = 4, yield = 5, get = 6, set = 7;
Echo(async + await + of + static + yield + get + set); // expect: 28
//==== a function's text is its source
function  shown( a,b ) { return  a.x( b ) ; }
Echo("" + shown); // expect: function  shown( a,b ) { return  a.x( b ) ; }
Echo("" + (function () { return typeof shown; })); // expect: function () { return typeof shown; }
//==== the text of a function that eval made is its source
eval("made = function ( a ) { return a . b( typeof a ) ; }");
Echo("" + made); // expect: function ( a ) { return a . b( typeof a ) ; }
Echo("" + eval("(function () { while (a) b += c + d; })")); // expect: function () { while (a) b += c + d; }
Echo("" + eval("1, function twice() { return eval('x') }")); // expect: function twice() { return eval('x') }
//==== the text of a function of the language says no more than its name
var natives = [parseInt, eval, Array, Date, Date.parse, Math.max, "".substr, "".replace, [].join, JSON.stringify, ScriptEngine, VBArray, Function, Enumerator.prototype.atEnd, Error];
for (var at = 0, told = []; at < natives.length; at++) told[at] = ("" + natives[at]).replace(/\n/g, "|");
Echo(told[0]); // expect: |function parseInt() {|    [native code]|}|
for (at = 0; at < told.length; at++) told[at] = told[at].replace(/^\|function (\w+)\(\) \{\|    \[native code\]\|\}\|$/, "$1");
Echo(told.join(" ")); // expect: parseInt eval Array Date parse max substr replace join stringify ScriptEngine VBArray Function atEnd Error
//==== semicolons are inserted
var t = 1
var u = t
+ 1
Echo(u) // expect: 2
function returns() { return
5 }
Echo(returns() === undefined) // expect: True
//==== names of Object.prototype are ordinary
var toStringMap = {}; toStringMap["toString"] = 5; Echo(toStringMap.toString); // expect: 5
var map = {}; Echo(map.constructor === Object, map.__proto__ === undefined); // expect: True True
//==== Array.prototype may be extended and for-in sees it
Array.prototype.last = function () { return this[this.length - 1]; };
var s = ""; for (var k in [1]) s += k + ";"; Echo(s, [4, 5].last()); // expect: 0;last; 5
delete Array.prototype.last;
