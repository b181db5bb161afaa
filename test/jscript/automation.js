// Objects of the host.
//==== members in any case
TestObject.Text = "one"; Echo(TestObject.text, TestObject.TEXT, TestObject["tExT"]); // expect: one one one
Echo(TestObject.add(2, 3), TestObject.ADD("4", 5)); // expect: 5 9
TestObject.text += " more"; Echo(TestObject.Text); // expect: one more
var name = "Text"; TestObject[name] = "by index"; Echo(TestObject[name]); // expect: by index
//==== default values
TestObject.Text = "default";
Echo("" + TestObject, TestObject + "!", String(TestObject)); // expect: default default! default
Echo(TestObject == "default", TestObject != "other", TestObject === "default"); // expect: True True False
TestObject.Text = "12"; Echo(TestObject * 2, TestObject - 2, +TestObject, TestObject > 5); // expect: 24 10 12 True
Echo(TestObject); // expect: 12
Echo(TestObject() + 1, TestObject.Text.length); // expect: 121 2
Echo(TestObject ? "true" : "false", !TestObject); // expect: true False
var map = {}; map[TestObject] = "keyed"; Echo(map["12"]); // expect: keyed
Echo(parseInt(TestObject, 10) + 1, isNaN(TestObject)); // expect: 13 False
//==== properties with arguments
TestObject.Items("a") = 1; TestObject.Items("b") = "two";
Echo(TestObject.Items("a"), TestObject.items("b"), TestObject.Items("c") === undefined); // expect: 1 two True
TestObject.Items("a") += 4; Echo(TestObject.Items("a")); // expect: 5
Echo(TestObject.Items("a")++, TestObject.Items("a"), ++TestObject.Items("a"), TestObject.Items("a")--, TestObject.Items("a")); // expect: 5 6 7 7 6
TestObject.Items("a") *= 2; TestObject.Items("a") -= 1; Echo(TestObject.Items("a")); // expect: 11
TestObject.Items("s") = "x"; TestObject.Items("s") += "y" + "z"; Echo(TestObject.Items("s")); // expect: xyz
Echo(TestObject.Items("d") = "value"); // expect: value
TestObject.Items("e") = TestObject.Items("f") = 3; Echo(TestObject.Items("e") + TestObject.Items("f")); // expect: 6
TestObject["Items"]("g") = 9; Echo(TestObject["Items"]("g")); // expect: 9
var key = "Items"; TestObject[key]("h") = 8; Echo(TestObject[key]("h")); // expect: 8
(TestObject).Items("i") = 7; Echo((TestObject).Items("i")); // expect: 7
function get() { return TestObject; } get().Items("j") = 6; Echo(get().Items("j")); // expect: 6
TestObject.Items("k") = function () { return 1; }; Echo(TestObject.Items("k")()); // expect: 1
TestObject.Items ( "l" )   =   5 ; Echo(TestObject.Items("l")); // expect: 5
TestObject.Items(/* key */ "m") /* is */ = /* five */ 5; Echo(TestObject.Items("m")); // expect: 5
TestObject.Items("n") = (1, 2); Echo(TestObject.Items("n")); // expect: 2
for (TestObject.Items("o") = 0; TestObject.Items("o") < 3; TestObject.Items("o")++); Echo(TestObject.Items("o")); // expect: 3
var x = true ? TestObject.Items("p") = 4 : 0; Echo(x, TestObject.Items("p")); // expect: 4 4
TestObject.Items("q")
  = 5; Echo(TestObject.Items("q")); // expect: 5
(function () { TestObject.Items("r") = this.mark + arguments[0]; }).call({mark: "m"}, "n"); Echo(TestObject.Items("r")); // expect: mn
(function () { TestObject.Items("r") += this.mark + arguments[0]; }).call({mark: "o"}, "p"); Echo(TestObject.Items("r")); // expect: mnop
//==== the object behind a property
Echo(TestObject.List(1), TestObject.List.Item(2), TestObject.List.Count); // expect: b c 3
TestObject.List(1) = "B"; TestObject.List.Item(2) = "C"; Echo(TestObject.List(1) + TestObject.List(2)); // expect: BC
var list = TestObject.List; list(0) = "A"; Echo(list(0), list.item(0)); // expect: A A
list(0) += "+"; Echo(list(0)); // expect: A+
Echo(TestObject.List == TestObject.List, TestObject.List === TestObject.List); // expect: True True
//==== methods named without a call do nothing
TestObject.Add; TestObject.Fail; Echo(typeof TestObject.Fail); // expect: unknown
var add = TestObject.Add; Echo(add(1, 2)); // expect: 3
//==== what does not exist
Echo(TestObject.Nope === undefined, TestObject["nope"] == null, "Nope" in TestObject, "Text" in TestObject); // expect: True True False True
if (TestObject.overrideMimeType) Echo("has it"); else Echo("has it not"); // expect: has it not
TestObject.Nope(); // expect error: 438 Object doesn't support this property or method
//==== a put to what does not exist
TestObject.Nope = 1; // expect error: 438 Object doesn't support this property or method
//==== an assignment to a function's result
function f() { return 5; }
f(1) = 2; // expect error: 5003 Cannot assign to a function result
//==== the same of a member
var o = {m: function () { return {}; }};
o.m(1) = 2; // expect error: 5003 Cannot assign to a function result
//==== an assignment to the result of nothing
var nothing;
nothing(1) = 2; // expect error: 5007 Object expected
//==== wrong number of arguments
TestObject.Add(1); // expect error: 450 Wrong number of arguments or invalid property assignment
//==== values on their way out and back
TestObject.Held = 5; Echo(TestObject.Held, typeof TestObject.Held); // expect: 5 number
TestObject.Held = "s"; Echo(typeof TestObject.Held); // expect: string
TestObject.Held = true; Echo(TestObject.Held === true); // expect: True
TestObject.Held = null; Echo(TestObject.Held === null); // expect: True
TestObject.Held = undefined; Echo(TestObject.Held === undefined); // expect: True
TestObject.Held = 1.5; Echo(TestObject.Held + 1); // expect: 2.5
TestObject.Held = new String("boxed"); Echo(typeof TestObject.Held, TestObject.Held); // expect: string boxed
TestObject.Held = new Number(4); Echo(typeof TestObject.Held); // expect: number
TestObject.Held = new Boolean(false); Echo(TestObject.Held === false); // expect: True
var own = {a: 1}; TestObject.Held = own; Echo(TestObject.Held === own, TestObject.Held.a); // expect: True 1
var fn = function () { return "called"; }; TestObject.Held = fn; Echo(TestObject.Held === fn, TestObject.Held()); // expect: True called
TestObject.Held = TestObject; Echo(TestObject.Held === TestObject, TestObject.Held.Held.Text === TestObject.Text); // expect: True True
Echo(TestObject.Nothing === null, TestObject.Nothing == null, TestObject.Null === null); // expect: True True True
Echo(TestObject.Decimal + 1, typeof TestObject.Decimal); // expect: 13.5 number
//==== objects of the script as hosts see them
Echo([1, 2, 3], {toString: function () { return "own text"; }}); // expect: 1,2,3 own text
Echo(function () { return "called for its value"; }); // expect: called for its value
Echo(Probe(0, {Name: "n"}), Probe(1, {n: 2}), Probe(2, {f: function (a) { return a + 1; }})); // expect: n 2 42
Echo(Probe(3, {}), Probe(4, [7, 8]), Probe(5, function () {})); // expect: 438 2 Function
var target = {}; Probe(6, target); Echo(target.Put, target.put === undefined); // expect: by host True
Echo(Probe(7, function (a, b) { return a * b; })); // expect: 42
Echo(Probe(8, new Date(2020, 0, 1)), Probe(8, [1]), Probe(8, new Error("x")), Probe(8, {})); // expect: Date Array Error Object
try { Probe(9, function () { throw new Error(77, "through the host"); }); } catch (e) { Echo(e.number, e.message); } // expect: 77 through the host
var same = {}; try { Probe(9, function () { throw same; }); } catch (e) { Echo(e === same); } // expect: True
//==== Enumerator
var s = ""; for (var e = new Enumerator(TestObject); !e.atEnd(); e.moveNext()) s += e.item(); Echo(s === ""); // expect: True
TestObject.Items("one") = 1; TestObject.Items("two") = 2;
for (e = new Enumerator(TestObject); !e.atEnd(); e.moveNext()) s += e.item() + ";"; Echo(s); // expect: one;two;
e.moveFirst(); Echo(e.item(), e.atEnd()); e.moveNext(); e.moveNext(); e.moveNext(); Echo(e.atEnd(), e.item() === undefined); // expect: one False | True True
e = new Enumerator(TestObject.List); e.moveNext(); Echo(e.item()); // expect: b
Echo(new Enumerator().atEnd(), e instanceof Enumerator, Enumerator(TestObject.List).item()); // expect: True True a
try { new Enumerator([1]); } catch (x) { Echo(x.number & 0xffff); } // expect: 451
try { new Enumerator(Echo); } catch (x) { Echo(x.number & 0xffff, x.description); } // expect: 451 Object not a collection
try { Enumerator.prototype.atEnd.call({}); } catch (x) { Echo(x.number & 0xffff); } // expect: 5015
//==== VBArray
var v = new VBArray(TestObject.Array);
Echo(v.dimensions(), v.lbound(), v.ubound(), v.lbound(1), v.ubound(1)); // expect: 1 0 2 0 2
Echo(v.getItem(0), v.getItem(1), v.getItem(2)); // expect: 1 two 3.5
Echo(v.toArray(), v.toArray().length, v.toArray() instanceof Array); // expect: 1,two,3.5 3 True
Echo(new VBArray(TestObject.Bytes).toArray()); // expect: 65,66,67
v = new VBArray(Matrix); Echo(v.dimensions(), v.ubound(1), v.ubound(2), v.getItem(1, 2)); // expect: 2 1 2 1-2
Echo(v.toArray()); // expect: 0-0,1-0,0-1,1-1,0-2,1-2
try { v.getItem(2, 0); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 9 Subscript out of range
try { v.getItem(0); } catch (e) { Echo(e.number & 0xffff); } // expect: 9
try { v.ubound(3); } catch (e) { Echo(e.number & 0xffff); } // expect: 9
try { new VBArray([1, 2]); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 5013 VBArray expected
try { VBArray.prototype.toArray.call({}); } catch (e) { Echo(e.number & 0xffff); } // expect: 5013
TestObject.Held = TestObject.Array; Echo(new VBArray(TestObject.Held).getItem(1)); // expect: two
//==== ActiveXObject and GetObject
var t = new ActiveXObject("Test.Object"); t.Text = "new"; Echo(t, typeof t, t === TestObject); // expect: new object False
Echo(new ActiveXObject("test.object").Text === "", ActiveXObject("TEST.OBJECT").Add(1, 1)); // expect: True 2
Echo(GetObject("test:path").Text); // expect: test:path
try { new ActiveXObject("No.Such"); } catch (e) { Echo(e.number, e.message, e.name); } // expect: -2146827859 Automation server can't create object Error
try { GetObject("nowhere"); } catch (e) { Echo(e.number & 0xffff); } // expect: 429
try { new ActiveXObject(); } catch (e) { Echo(e.number & 0xffff); } // expect: 450
//==== constants
Echo(testConstant, testText); // expect: 25 a text
testConstant = 26; Echo(testConstant); // expect: 26
//==== members as names
Echo(Shout("a"), whisper, typeof Whisper); // expect: A! psst string
whisper = "louder"; Echo(Whisper); // expect: louder
//==== in any case, but names of the language are what they are
Echo(typeof testobject, typeof TESTOBJECT); // expect: undefined undefined
//==== hosts resist odd uses
Echo(delete TestObject.Text, TestObject.hasOwnProperty === undefined); // expect: False True
var keys = ""; for (var k in TestObject) keys += k; Echo(keys === ""); // expect: True
Echo(TestObject instanceof Object, Object.getPrototypeOf(TestObject) === null); // expect: False True
try { new TestObject(); } catch (e) { Echo(e.number & 0xffff, e.message); } // expect: 445 Object doesn't support this action
try { "" + TestObject.List; } catch (e) { Echo(e.number & 0xffff); } // expect: 450
try { Object.defineProperty(TestObject, "x", {value: 1}); } catch (e) { Echo(e.number & 0xffff); } // expect: 5
