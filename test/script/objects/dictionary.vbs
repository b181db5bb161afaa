' Scripting.Dictionary, member by member.
'==== Add: keys of every kind, too few and too many arguments, keys that are there
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set d = CreateObject("Scripting.Dictionary")
Echo TypeName(d), VarType(d), IsObject(d) ' expect: Dictionary 9 True
d.Add "a", 1 : Echo E, d.Count ' expect: 0 1
d.Add "a", 2 : Echo E, d("a") ' expect: 457 1
d.ADD "A", 3 : Echo E, d.Count ' expect: 0 2
d.Add "b" : Echo E ' expect: 450
d.Add : Echo E ' expect: 450
d.Add "c", 1, 2 : Echo E ' expect: 450
d.Add 1, "int" : d.Add 1.0, "double" : Echo E ' expect: 457
d.Add CLng(1), "long" : Echo E ' expect: 457
d.Add True, "boolean" : Echo E, d(-1) ' expect: 0 boolean
d.Add "1", "text" : Echo E, d(1), d("1") ' expect: 0 int text
d.Add Empty, "empty" : Echo E, d(Empty) ' expect: 0 empty
d.Add "", "nothing in it" : Echo E, d("") ' expect: 0 nothing in it
d.Add Null, "null" : Echo E, d(Null) ' expect: 0 null
d.Add Array(1), 1 : Echo E ' expect: 5
d.Add d, "itself" : Echo E, d(d), d.Exists(d) ' expect: 0 itself True
d.Add Nothing, "none" : Echo E, d(Nothing) ' expect: 0 none
d.Add #1/2/2003#, "date" : Echo E, d(CDate("1/2/2003")), d(37623) ' expect: 0 date date
Call d.Add("called", 1) : Echo E, d.Exists("called") ' expect: 0 True
x = d.Add("value", 1) : Echo E, TypeName(x) ' expect: 0 Empty
Set x = d.Add("value2", 1) : Echo E, d.Exists("value2") ' expect: 424 True
'==== Item: reading adds, writing adds, objects need Set
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set d = CreateObject("scripting.dictionary.1")
Echo TypeName(d("new")), d.Count, E ' expect: Empty 1 0
d("n") = d("n") + 1 : d("n") = d("n") + 1 : Echo d("n"), TypeName(d("n")) ' expect: 2 Integer
d.Item("n") = 7 : Echo d.Item("n"), d.item("n") ' expect: 7 7
Set d("o") = CreateObject("Scripting.Dictionary") : Echo E, TypeName(d("o")) ' expect: 0 Dictionary
d("o")("inner") = 5 : Echo E, d("o")("inner"), d("o").Count ' expect: 0 5 1
d("p") = d : Echo E, TypeName(d("p")) ' expect: 0 Dictionary
d("arr") = Array(1, 2, 3) : Echo d("arr")(1), UBound(d("arr")) ' expect: 2 2
d("arr")(1) = 9 : Echo E, d("arr")(1) ' expect: 0 2
a = d("arr") : a(1) = 9 : d("arr") = a : Echo d("arr")(1) ' expect: 9
Echo d.Item : Echo E ' expect: 450
Echo d.Item("a", "b") : Echo E ' expect: 450
d.Item("a", "b") = 1 : Echo E ' expect: 450
d.Item = 1 : Echo E ' expect: 450
d("x") = CByte(7) : Echo TypeName(d("x")) ' expect: Byte
d("x") = CCur(1.5) : Echo TypeName(d("x")), d("x") ' expect: Currency 1.5
d("x") = CLng(5) : Echo TypeName(d("x")) ' expect: Long
d("x") = CDbl(5) : Echo TypeName(d("x")) ' expect: Double
d("x") = Null : Echo TypeName(d("x")), IsNull(d("x")) ' expect: Null True
d("x") = "s" & 1 : Echo d("x") & d("x") ' expect: s1s1
Set d("x") = Nothing : Echo E, d("x") Is Nothing ' expect: 0 True
Set y = d("n") : Echo E ' expect: 424
'==== Exists, Remove, RemoveAll
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set d = CreateObject("Scripting.Dictionary")
d.Add "a", 1 : d.Add "b", 2 : d.Add "c", 3
Echo d.Exists("a"), d.Exists("A"), d.Exists("z"), d.Count ' expect: True False False 3
Echo d.Exists : Echo E ' expect: 450
Echo d.Exists(Array(1)) : Echo E ' expect: 5
If d.Exists("a") And Not d.Exists("z") Then Echo "both" ' expect: both
d.Remove "b" : Echo E, d.Count, Join(d.Keys, ",") ' expect: 0 2 a,c
d.Remove "b" : Echo E, d.Count ' expect: 32811 2
d.Remove : Echo E ' expect: 450
d.Add "b", 4 : Echo Join(d.Keys, ","), Join(d.Items, ",") ' expect: a,c,b 1,3,4
d.RemoveAll 1 : Echo E, d.Count ' expect: 450 3
d.RemoveAll : Echo E, d.Count, UBound(d.Keys) ' expect: 0 0 -1
d.Remove "a" : Echo Err.Description, Err.Source : Echo E ' expect: Element not found Microsoft VBScript runtime error | 32811
'==== Keys and Items are arrays from 0
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set d = CreateObject("Scripting.Dictionary")
Echo TypeName(d.Keys), UBound(d.Items), VarType(d.Keys) ' expect: Variant() -1 8204
For i = 1 To 3 : d.Add "k" & i, i * i : Next
k = d.Keys : v = d.Items
Echo UBound(k), k(0), k(2), v(2), TypeName(v(2)) ' expect: 2 k1 k3 9 Integer
For i = 0 To d.Count - 1 : s = s & d.Keys()(i) & "=" & d.Items()(i) & ";" : Next
Echo s ' expect: k1=1;k2=4;k3=9;
For Each k In d : t = t & k & ":" & d(k) & ";" : Next : Echo t ' expect: k1:1;k2:4;k3:9;
For Each x In d.Items : u = u + x : Next : Echo u ' expect: 14
For Each x In d.Keys : w = w & x : Next : Echo w ' expect: k1k2k3
k = d.Keys : k(0) = "changed" : Echo d.Keys()(0) ' expect: k1
Echo d.Keys(1), d.Items(1) ' expect: k2 4
Echo d.Keys(9) : Echo E ' expect: 9
'==== Key gives another name and cannot be read
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set d = CreateObject("Scripting.Dictionary")
d.Add "a", 1 : d.Add "b", 2
d.Key("a") = "z" : Echo E, Join(d.Keys, ","), d("z") ' expect: 0 z,b 1
d.Key("none") = "y" : Echo E ' expect: 32811
d.Key("z") = "b" : Echo E, Join(d.Keys, ",") ' expect: 457 z,b
x = d.Key("z") : Echo E ' expect: 438
d.Key("z") = "Z" : Echo E, d.Exists("Z"), d.Exists("z") ' expect: 0 True False
'==== CompareMode: text keys in any case, only while empty
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set d = CreateObject("Scripting.Dictionary")
Echo d.CompareMode, TypeName(d.CompareMode) ' expect: 0 Long
d.CompareMode = vbTextCompare : Echo E, d.CompareMode ' expect: 0 1
d("Content-Type") = 1 : d("CONTENT-TYPE") = 2 : Echo d.Count, d("content-type"), d.Keys()(0) ' expect: 1 2 Content-Type
d("Ä") = 1 : Echo d.Exists("ä") ' expect: True
d.CompareMode = 0 : Echo E ' expect: 5
d.RemoveAll : d.CompareMode = 0 : Echo E, d.CompareMode ' expect: 0 0
d.CompareMode = "x" : Echo E ' expect: 13
d.CompareMode = Null : Echo E ' expect: 13
d.CompareMode = vbTextCompare
d(1) = "n" : Echo d.Exists("1"), d.Exists(1) ' expect: False True
'==== Count cannot be written, members that are not there are 438
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set d = CreateObject("Scripting.Dictionary")
d.Count = 5 : Echo E ' expect: 438
Echo d.Counts : Echo E ' expect: 438
d.Clear : Echo E ' expect: 438
d.Exists("x") = True : Echo E ' expect: 438
Echo d.Count(1) : Echo E ' expect: 450
d = 5 : Echo E, TypeName(d) ' expect: 0 Integer
'==== What an untrapped error says
Set d = CreateObject("Scripting.Dictionary")
d.Add "a", 1
d.Add "a", 2 ' expect error: 457 This key is already associated with an element of this collection
'==== A member that is not there is named
Set d = CreateObject("Scripting.Dictionary")
d.Contains "a" ' expect error: 438 Object doesn't support this property or method: 'Contains'
'==== Too many arguments name the member
Set d = CreateObject("Scripting.Dictionary")
d.Add "a", 1, 2 ' expect error: 450 Wrong number of arguments or invalid property assignment: 'Add'
'==== Dictionaries in dictionaries, classes in dictionaries
Class Point
  Public X, Y
  Public Default Property Get Text : Text = X & "/" & Y : End Property
End Class
Set d = CreateObject("Scripting.Dictionary")
For i = 1 To 3
  Set p = New Point : p.X = i : p.Y = i * 2
  d.Add "p" & i, p
Next
For Each k In d.Keys : s = s & d(k).X + d(k).Y & "," : Next : Echo s ' expect: 3,6,9,
d("p1").X = 10 : Echo d("p1").X, d("p1") ' expect: 10 10/2
Set d("p2") = d("p1") : Echo d("p2") Is d("p1"), d("p2").Y ' expect: True 2
For Each p In d.Items : t = t & p.X & "," : Next : Echo t ' expect: 10,10,3,
With d("p3") : .X = 7 : .Y = 8 : End With : Echo d("p3") ' expect: 7/8
If d("p3") = "7/8" Then Echo "default value" ' expect: default value
Set all = CreateObject("Scripting.Dictionary")
For Each line In Array("de;Berlin", "de;Bonn", "fr;Paris")
  f = Split(line, ";")
  If Not all.Exists(f(0)) Then all.Add f(0), CreateObject("Scripting.Dictionary")
  all(f(0)).Add f(1), Len(f(1))
Next
For Each k In all : Echo k, Join(all(k).Keys, "+"), all(k).Count : Next ' expect: de Berlin+Bonn 2 | fr Paris 1
'==== A dictionary may change while For Each goes over it
Set d = CreateObject("Scripting.Dictionary")
For i = 1 To 4 : d.Add i, i : Next
For Each k In d.Keys : If k Mod 2 = 0 Then d.Remove k
Next
Echo Join(d.Keys, ",") ' expect: 1,3
'==== Arguments by reference and loop variables as keys
Sub Put(d, ByRef k, v) : d(k) = v : k = k & "!" : End Sub
Set d = CreateObject("Scripting.Dictionary")
key = "a" : Put d, key, 1 : Echo key, d("a"), d.Exists("a!") ' expect: a! 1 False
For i = 0 To 2 : d.Add i, "v" & i : Next : Echo d.Count, d(2) ' expect: 4 v2
For Each x In Array("p", "q") : d.Add x, x : Next : Echo d("q") ' expect: q
d.Add "f", GetRef("Twice") : Set f = d("f") : Echo f(4), d("f")(5) ' expect: 8 10
Function Twice(n) : Twice = 2 * n : End Function
