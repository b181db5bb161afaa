' What must parse: §2.2.
'==== [2.2-hoist] procedures, classes, constants are known before they are reached
Echo Twice(4), Later ' expect: 8 99
Set o = New Thing : Echo o.Name ' expect: thing
If False Then
  Const Later = 99
  Function Twice(n) : Twice = 2 * n : End Function
End If
Class Thing
  Public Property Get Name : Name = "thing" : End Property
End Class
'==== [2.2-dim] Dim, ReDim, Erase
Dim a, b(3), c(), d(1, 2)
Echo TypeName(a), UBound(b), UBound(d, 1), UBound(d, 2), TypeName(c) ' expect: Empty 3 1 2 Variant()
ReDim c(2) : c(1) = "x"
ReDim Preserve c(4) : Echo c(1), UBound(c) ' expect: x 4
ReDim c(1) : Echo IsEmpty(c(1)) ' expect: True
ReDim fresh(1), other(2, 2) : Echo UBound(fresh), UBound(other, 2) ' expect: 1 2
b(0) = 5 : Erase b : Echo IsEmpty(b(0)), UBound(b) ' expect: True 3
Erase c
On Error Resume Next
x = c(0) : Echo Err.Number ' expect: 9
'==== [2.2-dim] ReDim of a fixed array
Dim b(3)
ReDim b(4) ' expect error: 10 This array is fixed or temporarily locked
'==== [2.2-const] constants
Const A = 1, B = -2, C = "x", D = A, E = vbCrLf, F = #1/2/2003#, G = True, H = 1.5
Private Const P = 5
Public Const Q = 6
Echo A, B, C, D, Len(E), F, G, H, P, Q ' expect: 1 -2 x 1 2 1/2/2003 True 1.5 5 6
Sub S
  Const L = "local"
  Echo L ' expect: local
End Sub
S
'==== [2.2-const] a constant is no expression
Const A = 1 + 2 ' expect compile error: 1045, 16
'==== [2.2-explicit] Option Explicit
Option Explicit
Dim x : x = 1 : Echo x ' expect: 1
y = 2 ' expect error: 500 Variable is undefined: 'y'
'==== [2.2-explicit] reading an undeclared name
Option Explicit
Echo z ' expect error: 500 Variable is undefined: 'z'
'==== [2.2-explicit] Option Explicit must come first
Dim x
Option Explicit ' expect compile error: 1024, 1
'==== [2.2-assign] assignments
Let x = 1 : Echo x ' expect: 1
Dim g(1) : g(0) = Array(1, Array(2, 3)) : g(0)(1)(0) = 9
Echo g(0)(1)(0), g(0)(1)(1) ' expect: 9 3
Class Node
  Public Value, Child
  Public Function Self(n) : Set Self = Me : End Function
End Class
Set n = New Node : Set n.Child = New Node : n.Child.Value = 4
Echo n.Child.Value, n.Self(1).Child.Value ' expect: 4 4
n.Self(1).Self(2).Value = "deep" : Echo n.Value ' expect: deep
Dim objs(1) : Set objs(0) = New Node : objs(0).Value = 3 : Echo objs(0).Value ' expect: 3
'==== [2.2-calls] call forms
Function F(a, b) : F = a & "-" & b : Echo "F", a, b : End Function ' expect: F 1 2 | F 3 4 | F 5 6 | F 7 8
F 1, 2
Call F(3, 4)
x = F(5, 6) : Echo x ' expect: 5-6
Call F (7, 8)
Sub One(a) : a = a + 1 : Echo a : End Sub ' expect: 6 | 7 | 8
n = 5 : One (n) : Echo n ' expect: 5
n = 6 : Call One(n) : Echo n ' expect: 7
One n
'==== [2.2-calls] two arguments in parentheses
Sub F(a, b) : End Sub
F (1, 2) ' expect compile error: 1044, 9
'==== [2.2-parentrap] parentheses at the start of an argument
Echo (1 + 2) & (3) ' expect: 33
Echo (1) + 2 ' expect: 3
Echo (1), (2) ' expect: 1 2
Echo ("a") & "b", "c" ' expect: ab c
Set t = CreateObject("Test.Object")
t.Text = "q" : Echo (t.Text) & "!" ' expect: q!
'==== [2.2-omitted] omitted arguments are Missing
Set t = CreateObject("Test.Object")
Echo t.Count(1, , 3), t.Count(), t.Count(1, 2) ' expect: 3 0 2
Sub S(a, b, c) : Echo TypeName(a), TypeName(b), VarType(b), TypeName(c) : End Sub ' expect: Integer Error 10 Integer
S 1, , 3
'==== [2.2-if] If on one line
x = 0
If True Then x = 1
Echo x ' expect: 1
If False Then x = 2 Else x = 3
Echo x ' expect: 3
If True Then x = 4 : y = 5 Else x = 6 : y = 7
Echo x, y ' expect: 4 5
If False Then x = 1 : x = 2
Echo x ' expect: 4
If True Then If False Then x = 8 Else x = 9
Echo x ' expect: 9
If False Then x = 1 End If
If True Then x = 10 End If
Echo x ' expect: 10
If False Then : Else x = 11
Echo x ' expect: 11
If False Then x = 1 Else
If False Then :
If False Then x = 1 ElseIf True Then x = 12 Else x = 13
Echo x ' expect: 12
'==== [2.2-ifblock] If in a block
Sub Kind(n)
  If n < 0 Then
    Echo "negative" ' expect: negative
  ElseIf n = 0 Then Echo "zero" ' expect: zero
  ElseIf n < 10 Then
    Echo "small" ' expect: small
  Else If n < 100 Then
      Echo "medium" ' expect: medium
    Else
      Echo "large" ' expect: large
    End If
  End If
End Sub
Kind -1 : Kind 0 : Kind 5 : Kind 50 : Kind 500
If False Then
Else : Echo "else" ' expect: else
End If
If False Then
Else Echo "direct" : End If ' expect: direct
If True Then :
  Echo "colon" ' expect: colon
End If
'==== [2.2-select] Select Case
Function Name(n)
  Select Case n
    Case 0: Name = "zero"
    Case 1, 2 Name = "few"
    Case 3
      Name = "three"
    Case "x": Name = "text"
    Case 4 + 1: Name = "five"
    Case Else Name = "many"
  End Select
End Function
Echo Name(0), Name(1), Name(2), Name(3), Name("x"), Name(5), Name(9) ' expect: zero few few three text five many
Select Case 1 : Case 1 : Echo "one" : Case Else : Echo "no" : End Select ' expect: one
Select Case 5
End Select
Select Case True
  Case 2 > 3: Echo "no"
  Case 3 > 2: Echo "yes" ' expect: yes
End Select
'==== [2.2-select] there is no Case Is
Select Case 1
  Case Is > 0 ' expect compile error: 1002, 8
End Select
'==== [2.2-for] For, step and exits
s = "" : For i = 1 To 10 Step 3 : s = s & i & " " : Next : Echo s ' expect: 1 4 7 10 
s = "" : For i = 3 To 1 Step -1 : s = s & i : Next : Echo s, i ' expect: 321 0
s = "" : For i = 1 To 5 : If i = 3 Then Exit For
s = s & i : Next : Echo s, i ' expect: 12 3
s = "" : For i = 5 To 8 : s = s & i : i = i + 1 : Next : Echo s ' expect: 57
n = 3 : s = "" : For i = 1 To n : s = s & i : n = 1 : Next : Echo s ' expect: 123
s = "" : For i = 1 To 2 Step 0.5 : s = s & i & " " : Next : Echo s ' expect: 1 1.5 2 
For i = 1 To 0 : Echo "never" : Next
Echo i ' expect: 1
For i = Empty To 2 : Next : Echo i ' expect: 3
s = "" : For i = "1" To "3" : s = s & i : Next : Echo s ' expect: 123
'==== [2.2-foreach] For Each
For Each x In Array(1, "b", Empty) : Echo TypeName(x) : Next ' expect: Integer | String | Empty
Dim d(1, 1) : d(0, 0) = 1 : d(1, 0) = 2 : d(0, 1) = 3 : d(1, 1) = 4
s = "" : For Each x In d : s = s & x : Next : Echo s ' expect: 1234
For Each x In TestObject.List : s = s & x : Next : Echo s, IsEmpty(x) ' expect: 1234abc True
Dim e() : For Each x In e : Echo "never" : Next
a = Array(1, 2, 3) : For Each x In a : x = 9 : Next : Echo a(0) ' expect: 1
'==== [2.2-foreach] For Each over what is no collection
For Each x In 5 ' expect error: 451 Object not a collection
Next
'==== [2.2-loops] Do and While
i = 0 : Do While i < 3 : i = i + 1 : Loop : Echo i ' expect: 3
Do Until i = 0 : i = i - 1 : Loop : Echo i ' expect: 0
Do : i = i + 1 : Loop While i < 3 : Echo i ' expect: 3
Do : i = i + 1 : Loop Until i > 5 : Echo i ' expect: 6
Do : i = i + 1 : If i > 8 Then Exit Do
Loop
Echo i ' expect: 9
While i > 0 : i = i - 4 : Wend : Echo i ' expect: -3
Do While True
  For j = 1 To 10
    If j = 4 Then Exit Do
  Next
Loop
Echo j ' expect: 4
'==== [2.2-with] With
Class P
  Public X, Inner
End Class
Set p = New P : Set p.Inner = New P
With p
  .X = 1
  With .Inner
    .X = 2
  End With
  .Inner.X = .Inner.X + .X
  Echo .X, .Inner.X ' expect: 1 3
  Echo .X & .Inner.X ' expect: 13
  If .X = 1 Then .X = 5
End With
Echo p.X ' expect: 5
With New P
  .X = 7 : Echo .X ' expect: 7
End With
With Nothing : End With
'==== [2.2-with] a dot outside With
.x = 1 ' expect error: 505 Invalid or unqualified reference
'==== [2.2-procedures] Sub and Function
Function Fact(n)
  If n <= 1 Then
    Fact = 1
    Exit Function
  End If
  Fact = n * Fact(n - 1)
End Function
Echo Fact(5), TypeName(Fact(10)), Fact(20) ' expect: 120 Long 2.43290200817664E+18
Function Pending
  Pending = 2
  Pending = Pending + 1
End Function
Echo Pending, Pending() ' expect: 3 3
Function Nothing_ : End Function
Echo TypeName(Nothing_), TypeName(Nothing_()) ' expect: Empty Empty
x = 0
Sub OneLine() x = 3 End Sub
OneLine : Echo x ' expect: 3
Function Obj() : Set Obj = New Q : End Function
Class Q : Public V : End Class
Set o = Obj : o.V = 1 : Echo o.V, TypeName(Obj()) ' expect: 1 Q
Function Dup : Dup = 1 : End Function
Function Dup : Dup = 2 : End Function
Echo Dup ' expect: 2
'==== [2.2-class] classes
Class Counter
  Private n
  Public Step_, List(2), A, B
  Dim D
  Private Sub Class_Initialize : n = 10 : Step_ = 2 : List(1) = "one" : End Sub
  Public Default Property Get Value : Value = n : End Property
  Public Property Let Value(v) : n = v : End Property
  Public Property Get At(i, j) : At = n + i * j : End Property
  Public Property Let At(i, j, v) : n = i + j + v : End Property
  Public Property Set Ref(o) : Set D = o : End Property
  Public Property Get Ref : Set Ref = D : End Property
  Public Function Add(x) : n = n + x * Step_ : Add = n : End Function
  Public Sub Twice : Me.Add 1 : Add 1 : End Sub
  Function Same(o) : Same = (o Is Me) : End Function
  Private Function Hidden : Hidden = 5 : End Function
  Function Shown : Shown = Hidden + Me.Value : End Function
End Class
Set c = New Counter
Echo c.Value, c, c.Add(1), c.At(2, 3) ' expect: 10 12 12 18
c.Twice : Echo c.Value ' expect: 16
c.Value = 1 : Echo c ' expect: 1
c = 5 : Echo TypeName(c) ' expect: Integer
Set c = New Counter
c.At(1, 2) = 3 : Echo c.Value ' expect: 6
Set c.Ref = New Counter : Echo TypeName(c.Ref), c.Ref.Value ' expect: Counter 10
Echo c.Same(c), c.Same(New Counter), c.Shown, c.List(1) ' expect: True False 11 one
c.List(2) = "two" : Echo c.List(2), UBound(c.List) ' expect: two 2
c.D = 4 : Echo c.D ' expect: 4
'==== [2.2-class] private members cannot be reached from outside
Class C
  Private Function Hidden : End Function
End Class
Set c = New C
c.Hidden ' expect error: 438 Object doesn't support this property or method: 'Hidden'
'==== [2.2-class] New of an unknown class
Set x = New Nowhere ' expect error: 506 Class not defined: 'Nowhere'
'==== [2.2-execute] Execute, ExecuteGlobal, Eval
x = 1
Execute "x = x + 1 : Dim made : made = 5" : Echo x, made ' expect: 2 5
ExecuteGlobal "Function G(a) : G = a * 3 : End Function" : Echo G(4) ' expect: 12
Echo Eval("x + 1"), Eval("x = 2"), Eval("""a"" & x") ' expect: 3 True a2
Sub Local
  Dim a : a = 10
  Execute "a = a + 5 : Dim b : b = 7"
  Echo a, b, Eval("a * b") ' expect: 15 7 105
  ExecuteGlobal "Dim fromSub : fromSub = 1"
  Execute "Dim a"
  Echo a ' expect: 15
End Sub
Local
Echo fromSub, IsEmpty(b), IsEmpty(a) ' expect: 1 True True
Function Args(p) : Args = Eval("p * 2") : End Function
Echo Args(21) ' expect: 42
Class E
  Private f
  Public Sub Run(code) : f = 3 : Execute code : Echo f : End Sub ' expect: 4 s E
  Private Function Secret : Secret = "s" : End Function
End Class
Set e = New E : e.Run "f = f + 1 : f = f & "" "" & Secret & "" "" & TypeName(Me)"
Echo Eval(42), TypeName(Eval(Empty)) ' expect: 42 Empty
'==== [2.2-execute] a procedure of ExecuteGlobal replaces one that is compiled
Function V : V = 1 : End Function
Function Ask : Ask = V() : End Function
Echo Ask ' expect: 1
ExecuteGlobal "Function V : V = 2 : End Function"
Echo Ask, V ' expect: 2 2
'==== [2.2-onerror] On Error, Stop, Randomize
On Error Resume Next
x = 1 / 0
Echo Err.Number ' expect: 11
On Error GoTo 0
Echo Err.Number ' expect: 0
Stop
Randomize 5
Randomize
Private v1 : v1 = 1
Public v2 : v2 = 2
Echo v1 + v2 ' expect: 3
'==== [2.2-ends] the end of a procedure needs no separator
x = 0
Sub A
  x = 1 End Sub
Function B(n)
  B = n * 2 End Function
Class C
  Public v End Class
A : Echo x, B(4) ' expect: 1 8
'==== [2.2-scope] names written in a procedure without declaration stay there, unless the script has them
Sub SetBoth : shared = 1 : own = 2 : End Sub
shared = 0
SetBoth
Echo shared, IsEmpty(own) ' expect: 1 True
