' RegExp and its results, Err, instances of classes, procedures as values.
'==== RegExp: defaults, Test, wrong use
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set r = New RegExp : Echo TypeName(r), "[" & r.Pattern & "]", r.Global, r.IgnoreCase, r.MultiLine ' expect: IRegExp2 [] False False False
Set r = CreateObject("VBScript.RegExp") : Echo TypeName(r), r.Test("x"), r.Test("") ' expect: IRegExp2 True True
r.Pattern = "^\d+$" : Echo r.Test("123"), r.Test(123), r.Test("a"), r.test(1.5), r.Test(Empty) ' expect: True True False False False
Echo r.Test(Null) : Echo E ' expect: 94
Echo r.Test : Echo E ' expect: 450
Echo r.Test("a", "b") : Echo E ' expect: 450
Echo r.Test(Array(1)) : Echo E ' expect: 13
Echo r.Test(Nothing) : Echo E ' expect: 91
r.Pattern = "(" : Echo E : Echo r.Test("x") : Echo E ' expect: 0 | 5020
r.Pattern = "[b-a]" : x = r.Test("x") : Echo E ' expect: 5021
r.Pattern = "*" : x = r.Test("x") : Echo E ' expect: 5018
r.Pattern = "[a" : x = r.Test("x") : Echo E ' expect: 5019
r.Pattern = 5 : Echo r.Pattern, TypeName(r.Pattern), r.Test("x5") ' expect: 5 String True
r.Pattern = Null : Echo E, r.Pattern ' expect: 94 5
r.Global = "yes" : Echo E, r.Global ' expect: 13 False
r.Global = 1 : Echo r.Global, TypeName(r.Global) ' expect: True Boolean
r.Bogus = 1 : Echo E ' expect: 438
r.Test("x") = 1 : Echo E ' expect: 438
Echo r : Echo E ' expect: 438
'==== RegExp: Execute, matches, submatches
Set r = New RegExp : r.Pattern = "(\w+)=(\d*)(;)?" : r.Global = True
Set m = r.Execute("a=1;b=;cc=22")
Echo TypeName(m), m.Count, TypeName(m.Count), TypeName(m(0)), m(0), m.Item(1), m(2).Value ' expect: IMatchCollection2 3 Long IMatch2 a=1; b=; cc=22
Echo m(0).FirstIndex, m(1).FirstIndex, m(2).Length, TypeName(m(0).Length) ' expect: 0 4 5 Long
Echo m(0).SubMatches.Count, m(0).SubMatches(0), m(0).SubMatches.Item(1), "[" & m(2).SubMatches(2) & "]", TypeName(m(2).SubMatches(2)), TypeName(m(0).SubMatches) ' expect: 3 a 1 [] Empty ISubMatches
For Each x In m : s = s & x.SubMatches(0) & x.Value & "|" : Next : Echo s ' expect: aa=1;|bb=;|cccc=22|
For Each x In m(0).SubMatches : t = t & "<" & x & ">" : Next : Echo t ' expect: <a><1><;>
Set none = r.Execute("") : Echo none.Count ' expect: 0
r.Global = False : Echo r.Execute("a=1;b=2").Count ' expect: 1
On Error Resume Next
Echo m(3) : Echo Err.Number : Err.Clear ' expect: 5
Echo m(-1) : Echo Err.Number : Err.Clear ' expect: 5
Echo m("x") : Echo Err.Number : Err.Clear ' expect: 13
Echo m(0).SubMatches(9) : Echo Err.Number : Err.Clear ' expect: 5
m(0).Value = "x" : Echo Err.Number : Err.Clear ' expect: 438
m.Count = 1 : Echo Err.Number : Err.Clear ' expect: 438
'==== RegExp: Replace
Set r = New RegExp : r.Pattern = "o" : Echo r.Replace("foo boo", "0") ' expect: f0o boo
r.Global = True : Echo r.Replace("foo boo", "0"), r.Replace("none", ""), r.Replace("foo", Empty) ' expect: f00 b00 nne f
r.Pattern = "(\w+) (\w+)" : Echo r.Replace("John Smith", "$2, $1"), r.Replace("a b", "$$1"), r.Replace("a b", "[$&]"), r.Replace("a b", "$3") ' expect: Smith, John $1 [a b] $3
r.IgnoreCase = True : r.Pattern = "HELLO" : Echo r.Replace("Hello hello", "x") ' expect: x x
Function Twice(match, at, all) : Twice = match & match : End Function
r.Pattern = "\d" : Echo r.Replace("a1b2", GetRef("Twice")) ' expect: a11b22
r.MultiLine = True : r.Pattern = "^" : Echo Replace(r.Replace("a" & vbLf & "b", "> "), vbLf, "|") ' expect: > a|> b
r.Pattern = "\s+$" : r.MultiLine = False : Echo "[" & r.Replace("trail  ", "") & "]" ' expect: [trail]
On Error Resume Next
Echo r.Replace("a") : Echo Err.Number : Err.Clear ' expect: 450
Echo r.Replace(Null, "x") : Echo Err.Number : Err.Clear ' expect: 94
Echo r.Replace("a", Null) : Echo Err.Number : Err.Clear ' expect: 94
'==== RegExp: what mail scripts look for
Set r = New RegExp : r.IgnoreCase = True
r.Pattern = "^[A-Z0-9._%+-]+@[A-Z0-9.-]+\.[A-Z]{2,}$"
For Each a In Array("ann@example.test", "bob.b+x@mail.example.test", "no@host", "@x.test", "a b@x.test", "ann@example.test ") : s = s & CInt(r.Test(a)) : Next : Echo s ' expect: -1-10000
r.Pattern = "<title>([\s\S]*?)</title>" : Echo r.Execute("<html><TITLE>Two" & vbLf & "lines</TITLE></html>")(0).SubMatches(0) = "Two" & vbLf & "lines" ' expect: True
r.Global = True : r.Pattern = "\{(\w+)\}" : t = "Dear {name}, your {item} is ready, {name}."
For Each m In r.Execute(t) : k = m.SubMatches(0) : u = u & k & " " : Next : Echo Trim(u) ' expect: name item name
r.Pattern = "href=[""']?([^""' >]+)" : Set l = r.Execute("<a href=""a.htm""><a href=b.htm><a href='c.htm'>") : Echo l(0).SubMatches(0), l(1).SubMatches(0), l(2).SubMatches(0) ' expect: a.htm b.htm c.htm
r.Pattern = "(?:\d{1,3}\.){3}\d{1,3}" : Echo r.Execute("from 10.0.0.1 and 192.168.1.20")(1) ' expect: 192.168.1.20
r.Pattern = "\bcat(?=s)" : Echo r.Replace("cats cat", "dog") ' expect: dogs cat
'==== Err: members, case, wrong use
On Error Resume Next
Echo TypeName(Err), Err, Err.Number, "[" & Err.Description & "]", "[" & Err.Source & "]", Err.HelpContext, "[" & Err.HelpFile & "]" ' expect: Object 0 0 [] [] 0 []
x = 1 / 0 : Echo Err, err.NUMBER, Err.Description, Err.Source ' expect: 11 11 Division by zero Microsoft VBScript runtime error
If Err Then Echo "yes" ' expect: yes
If Err.Number <> 0 Then Echo "Error " & Err.Number & ": " & Err.Description ' expect: Error 11: Division by zero
Err.Clear : Echo Err, "[" & Err.Description & "]" ' expect: 0 []
Err.Raise 1001, "Me", "Own text", "c:\help.chm", 7 : Echo Err.Number, Err.Source, Err.Description, Err.HelpFile, Err.HelpContext ' expect: 1001 Me Own text c:\help.chm 7
Err.Clear : Err.Raise vbObjectError + 3 : Echo Err.Number, Err.Description ' expect: -2147221501 Unknown runtime error
Err.Clear : Err.Raise 13 : Echo Err.Number, Err.Description ' expect: 13 Type mismatch
Err.Clear : Err.Raise : Echo Err.Number ' expect: 450
Err.Clear : Err.Raise "x" : Echo Err.Number ' expect: 13
Err.Clear : Err.Raise 1, 2, 3, 4, 5, 6 : Echo Err.Number ' expect: 450
Err.Clear : Err.Clear 1 : Echo Err.Number ' expect: 450
Err.Clear : Err.Bogus : Echo Err.Number ' expect: 438
Err.Number = 7 : Err.Description = "set" : Err.Source = "here" : Echo Err.Number, Err.Description, Err.Source ' expect: 7 set here
Err.Clear : Set e2 = Err : x = CInt("a") : Echo e2.Number ' expect: 13
Sub Fails : x = CInt("b") : End Sub
Err.Clear : Fails : Echo Err.Number, Err.Description ' expect: 13 Type mismatch
'==== Err: clean-up idiom with a raise behind it
Sub Work : On Error Resume Next : x = 1 / 0 : n = Err.Number : d = Err.Description : On Error GoTo 0 : If n <> 0 Then Err.Raise n, "Work", d & "!"
End Sub
On Error Resume Next
Work : Echo Err.Number, Err.Source, Err.Description ' expect: 11 Work Division by zero!
'==== Instances: right and wrong use of members
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Class Box
  Private inner_
  Public Field, List(2)
  Public Property Get Value : Value = inner_ : End Property
  Public Property Let Value(v) : inner_ = v : End Property
  Public Property Get Fixed : Fixed = 7 : End Property
  Public Property Let Sink(v) : inner_ = v : End Property
  Public Property Get Obj : Set Obj = Me : End Property
  Public Default Property Get Item(i) : Item = "item" & i : End Property
  Public Property Let Item(i, v) : inner_ = i & "=" & v : End Property
  Public Sub Run(a, b) : inner_ = a & b : End Sub
  Public Function Sum(a, b) : Sum = a + b : End Function
  Private Sub Hidden : End Sub
End Class
Set b = New Box : Echo TypeName(b), VarType(b), IsObject(b) ' expect: Box 9 True
b.Value = 5 : Echo b.Value, b.VALUE, b.value ' expect: 5 5 5
Set b.Value = b : Echo E ' expect: 438
b.Fixed = 1 : Echo E ' expect: 438
Echo b.Sink : Echo E ' expect: 438
b.Sink = 3 : Echo b.Value ' expect: 3
Echo b(1), b.Item(2) ' expect: item1 item2
b(1) = "x" : Echo b.Value : b.Item("k") = "y" : Echo b.Value ' expect: 1=x | k=y
Echo b.Item : Echo E ' expect: 450
Echo b.Item(1, 2) : Echo E ' expect: 450
b.Run 1, 2 : Echo b.Value : b.Run 1 : Echo E ' expect: 12 | 450
b.Run (1) : Echo E ' expect: 450
'==== Instances: more members
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Class Box
  Public Field, List(2)
  Public Property Get Obj : Set Obj = Me : End Property
  Public Function Sum(a, b) : Sum = a + b : End Function
  Private Sub Hidden : End Sub
End Class
Set b = New Box
Echo b.Sum(1, 2), E : Call b.Sum(1, 2) : b.Sum 1, 2 : Echo E ' expect: 3 0 | 0
Echo b.Sum(1) : Echo E ' expect: 450
b.Sum = 5 : Echo E ' expect: 438
b.Hidden : Echo E ' expect: 438
b.Missing : Echo E ' expect: 438
b.Missing = 1 : Echo E ' expect: 438
b.Field = Array(1, 2) : Echo b.Field(1), UBound(b.Field) ' expect: 2 1
b.List(1) = "l" : Echo b.List(1), E ' expect: l 0
b.List(3) = "l" : Echo E ' expect: 9
Set b.Field = b : Echo b.Field Is b, b.Field.Obj.Field Is b ' expect: True True
b.Obj.Field = 9 : Echo b.Field ' expect: 9
x = b : Echo E, IsEmpty(x) ' expect: 438 True
Echo b & "" : Echo E ' expect: 438
Echo b = 1 : Echo E ' expect: 438
Set n = Nothing : n.Field = 1 : Echo E ' expect: 91
Echo n.Field : Echo E ' expect: 91
Set m = New Missing : Echo E ' expect: 506
Echo undefined_.Field : Echo E ' expect: 424
s = "text" : Echo s.Length : Echo E ' expect: 424
Set c = New Box : Set d = c : Echo c Is d, c Is b, Not c Is Nothing ' expect: True False True
'==== Procedures as values: GetRef
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Function Plus(a, b) : Plus = a + b : End Function
Sub Note(t) : Echo "note " & t : End Sub ' expect: note x | note y
Set p = GetRef("plus") : Echo TypeName(p), VarType(p), p(1, 2) ' expect: Object 9 3
Set n = GetRef("Note") : n "x" : Call n("y") : Echo E ' expect: 0
Echo p(1) : Echo E ' expect: 450
Set q = GetRef("none") : Echo E ' expect: 5
Set q = GetRef("") : Echo E ' expect: 5
Set q = GetRef(Null) : Echo E ' expect: 13
Function Apply(f, x) : Apply = f(x, x) : End Function
Echo Apply(p, 4), Apply(GetRef("Plus"), "a") ' expect: 8 aa
Function Sort(list, before)
  Dim i, j, t
  For i = 0 To UBound(list) - 1 : For j = i + 1 To UBound(list)
    If before(list(j), list(i)) Then t = list(i) : list(i) = list(j) : list(j) = t
  Next : Next
  Sort = list
End Function
Function Longer(a, b) : Longer = Len(a) > Len(b) : End Function
Echo Join(Sort(Array("a", "ccc", "bb"), GetRef("Longer")), ",") ' expect: ccc,bb,a
'==== Two arguments in parentheses need Call, also behind a dot
Class Box : Public Sub Run(a, b) : End Sub : End Class
Set b = New Box
b.Run(1, 2) ' expect compile error: 1044, 12
