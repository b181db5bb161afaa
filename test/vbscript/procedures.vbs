' Procedures, references, default members, Set: §2.8; lifetime: §2.9.
'==== [2.8-byref] variables are passed by reference, everything else by value
Sub Inc(ByRef n) : n = n + 1 : End Sub
Sub Keep(ByVal n) : n = n + 1 : End Sub
x = 1 : Inc x : Echo x ' expect: 2
Keep x : Echo x ' expect: 2
Inc (x) : Echo x ' expect: 2
Inc x + 0 : Echo x ' expect: 2
Call Inc(x) : Echo x ' expect: 3
Call Inc((x)) : Echo x ' expect: 3
Inc 5
a = Array(1, 2) : Inc a(0) : Echo a(0) ' expect: 2
Inc (a(0)) : Echo a(0) ' expect: 2
Sub Outer : Dim l : l = 5 : Inc l : Echo l : End Sub ' expect: 6
Outer
Function Chain(n) : Inc n : Chain = n : End Function
y = 1 : z = Chain(y) : Echo y, z ' expect: 2 2
Class F
  Public Field
  Public Sub Try_ : Field = 1 : Inc Field : Echo Field : End Sub ' expect: 2
End Class
Set o = New F : o.Try_
o.Field = 1 : Inc o.Field : Echo o.Field ' expect: 1
'==== [2.8-byref] both names of one variable see each write
Sub Both(a, b) : a = 1 : Echo b : b = 2 : Echo a : End Sub ' expect: 1 | 2
x = 0 : Both x, x
Sub Shared_(p) : g = 5 : Echo p : End Sub ' expect: 5
g = 1 : Shared_ g
Sub Wide(a, b) : Narrow a : Echo b : End Sub ' expect: 9
Sub Narrow(c) : c = 9 : End Sub
w = 3 : Wide w, w
'==== [2.8-byref] loop variables can be changed by what the body calls
Sub Bump(n) : n = n + 1 : End Sub
For i = 1 To 6 : s = s & i : Bump i : Next
Echo s ' expect: 135
Sub Bumps : Dim j, t : For j = 1 To 6 : t = t & j : Bump j : Next : Echo t : End Sub ' expect: 135
Bumps
Sub Touch : k = k + 1 : End Sub
s = "" : For k = 1 To 6 : s = s & k : Touch : Next : Echo s ' expect: 135
'==== [2.8-methods] methods take references, too
Class M
  Public Sub Set_(ByRef v, n) : v = n : End Sub
  Public Sub Keep(ByVal v) : v = 0 : End Sub
End Class
Set m_ = New M : m_.Set_ q, 5 : Echo q ' expect: 5
m_.Keep q : Echo q ' expect: 5
Dim arr(2) : m_.Set_ arr(1), "e" : Echo arr(1) ' expect: e
Sub InSub : Dim v : m_.Set_ v, 7 : Echo v : End Sub ' expect: 7
InSub
'==== [2.8-objects] objects of the host receive values
x = 5 : Echo TestObject.Add(x, 3), x ' expect: 8 5
TestObject.Items("k") = "v" : Echo TestObject.Items("k") ' expect: v
'==== [2.8-let] let takes the default value of an object
Class D : Public Default Property Get V : V = 7 : End Property : End Class
Class N : End Class
x = New D : Echo x, TypeName(x) ' expect: 7 Integer
TestObject.Text = "t" : x = TestObject : Echo x, TypeName(x) ' expect: t String
On Error Resume Next
x = New N : Echo Err.Number ' expect: 438
'==== [2.8-let] a property receives the object itself
Class Holder
  Public Kind, Kept
  Public Property Let Obj(v) : Kind = TypeName(v) : End Property
  Public Property Set Ref(v) : Set Kept = v : End Property
End Class
Class D : Public Default Property Get V : V = 7 : End Property : End Class
Set h = New Holder : h.Obj = New D : Echo h.Kind ' expect: D
Set d_ = New D : TestObject.Held = d_ : Echo TypeName(TestObject.Held) ' expect: D
Set TestObject.Held = d_ : Echo TestObject.Held Is d_ ' expect: True
On Error Resume Next
Set h.Obj = New D : Echo Err.Number ' expect: 438
'==== [2.8-default] default members
Set l = TestObject.List
Echo l(1), l.Item(2), TestObject.List(0), TestObject.List.Count ' expect: b c a 3
TestObject.List(0) = "z" : Echo TestObject.List(0), l(0) ' expect: z z
l(1) = "y" : Echo l.Item(1) ' expect: y
Class Coll
  Private d(5)
  Public Default Property Get Item(i) : Item = d(i) : End Property
  Public Property Let Item(i, v) : d(i) = v : End Property
  Public Function Me2 : Me2 = Me(2) : End Function
End Class
Set c = New Coll : c(2) = "two" : c.Item(3) = "three" : Echo c(2), c.Item(3), c.Me2 ' expect: two three two
Class DefSub : Public Default Sub Go(a) : Echo "go", a : End Sub : End Class ' expect: go 2 | go 3 | go 4
Set g = New DefSub : g.Go 2 : g(3) : g 4
Echo Err, Err.Number ' expect: 0 0
'==== [2.8-default] results of results
Class R : Public Default Property Get Item(k) : Item = Array(k, Array("deep", "er")) : End Property : End Class
Set r_ = New R
Echo r_("x")(0), r_("x")(1)(1), r_.Item("y")(0), Split("1;2", ";")(1), Array(10, 20)(1) ' expect: x er y 2 20
'==== [2.8-putparam] put with arguments
Class P
  Public Last
  Public Property Let Pair(a, b, v) : Last = a & b & v : End Property
  Public Property Set Ref(k, o) : Last = k & TypeName(o) : End Property
End Class
Set p_ = New P : p_.Pair(1, 2) = 3 : Echo p_.Last ' expect: 123
Set p_.Ref("k") = New P : Echo p_.Last ' expect: kP
arr = Array(0, Array(1, 2)) : arr(1)(0) = 5 : Echo arr(1)(0) ' expect: 5
'==== [2.8-results] functions without a result, Subs as values
Function None_ : End Function
Sub S : End Sub
x = None_ : Echo IsEmpty(x) ' expect: True
x = S : Echo IsEmpty(x) ' expect: True
'==== [2.8-results] Set a function's result
Class T : Public V : End Class
Function Make(n) : Set Make = New T : Make.V = n : End Function
Set t_ = Make(4) : Echo t_.V, Make(5).V ' expect: 4 5
'==== [2.9-terminate] Class_Terminate runs at the last release
Class T
  Public Name
  Private Sub Class_Terminate : Echo "end", Name : End Sub ' expect: end a | end b | end c | end d | end temporary | end e1 | end e2 | end g
End Class
Set a = New T : a.Name = "a" : Set a = Nothing
Echo "behind a" ' expect: behind a
Set b = New T : b.Name = "b" : Set b2 = b : Set b = Nothing : Echo "b lives" ' expect: b lives
b2 = 5 : Echo "b is gone" ' expect: b is gone
Sub Local : Dim l : Set l = New T : l.Name = "c" : End Sub
Local : Echo "behind Local" ' expect: behind Local
Function Give : Set Give = New T : Give.Name = "d" : End Function
Set d = Give : Echo d.Name : Set d = Nothing ' expect: d
Sub Take(x) : x.Name = "temporary" : End Sub
Take New T : Echo "behind Take" ' expect: behind Take
Dim list(1) : Set list(0) = New T : list(0).Name = "e1" : Set list(1) = New T : list(1).Name = "e2"
Erase list : Echo "behind Erase" ' expect: behind Erase
Set g = New T : g.Name = "g"
'==== [2.9-terminate] instances held by other instances
Class Leaf : Private Sub Class_Terminate : Echo "leaf" : End Sub : End Class ' expect: leaf
Class Tree : Public L : End Class
Set t = New Tree : Set t.L = New Leaf
Set t = Nothing
Echo "done" ' expect: done
'==== [2.9-terminate] order of output
Class T : Private Sub Class_Terminate : s = s & "T" : End Sub : End Class
s = ""
Set o = New T : s = s & "1" : Set o = Nothing : s = s & "2"
With New T : s = s & "w" : End With
s = s & "3" : Echo s ' expect: 1T2wT3
Set o = New T : Set o = New T : s = s & "4" : Echo s ' expect: 1T2wT3T4
'==== [2.9-terminate] a call of Class_Terminate is no end
Class T : Public Sub Class_Terminate : n = n + 1 : End Sub : End Class
n = 0
Set o = New T : o.Class_Terminate : Echo n : Set o = Nothing : Echo n ' expect: 1 | 2
'==== [2.9-terminate] every way to let go
Class T
  Public N, Held
  Private Sub Class_Terminate : gone = gone & N & " " : End Sub
End Class
Function Make(n) : Set Make = New T : Make.N = n : End Function
Function Pass(o) : Set Pass = o : End Function
Function Fails(n) : Dim l : Set l = Make(n) : x = 1 / 0 : End Function
Sub Keeps(ByVal o) : o.N = o.N & "!" : End Sub
gone = ""
Set a = Make("a") : Set a = a : Set b = Pass(a) : Set a = Nothing : Echo "[" & gone & "]" ' expect: []
Set b = Make("b") : Echo "[" & gone & "]" ' expect: [a ]
Set b = Nothing : gone = ""
Make("c").N = "c2" : Echo gone ' expect: c2 
gone = "" : n = Make("d").N : Echo gone & n ' expect: d d
gone = "" : Keeps Make("e") : Echo gone ' expect: e! 
gone = "" : Pass(Pass(Make("f"))).N = "g" : Echo gone ' expect: g 
gone = "" : On Error Resume Next : Fails "h" : Echo gone & Err.Number : On Error GoTo 0 ' expect: h 11
gone = "" : Set p = Make("i") : Set p.Held = Make("j") : Set p.Held = Make("k") : Echo gone : Set p = Nothing : Echo gone ' expect: j  | j i k 
gone = "" : Dim list() : ReDim list(2) : Set list(0) = Make("l") : Set list(1) = Make("m") : Set list(2) = Make("n")
ReDim Preserve list(1) : Echo gone ' expect: n 
list(0) = 5 : Echo gone ' expect: n l 
ReDim list(0) : Echo gone ' expect: n l m 
gone = "" : Set list(0) = Make("o") : copy = list : Erase list : Echo "[" & gone & "]" : copy = Empty : Echo gone ' expect: [] | o 
gone = "" : For Each each_ In Array(Make("p"), Make("q")) : s = s & each_.N : Next : each_ = Empty : Echo s, gone ' expect: pq p q 
gone = "" : With Make("r") : .N = "s" : Echo "[" & gone & "]" : End With : Echo gone ' expect: [] | s 
gone = "" : If Make("t").N = "t" Then Echo gone ' expect: t 
gone = "" : Set d = Make("u") : ExecuteGlobal "Set d = Nothing" : Echo gone ' expect: u 
gone = "" : Set q = Make("v") : Set q.Held = q : Set q = Nothing : Echo "[" & gone & "]" ' expect: []
