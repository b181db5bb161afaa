' Odd but legal: what real scripts and the conformance suite do with the grammar.
'==== [2.2-class] classes and members named like keywords
Class Property
  Public Sub Property() : End Sub
  Sub Test(byref property) : property = 5 : End Sub
End Class
Class K2
  Sub Property ( par ) : End Sub
  Function Error( par ) : Error = par : End Function
  Function Explicit (par)
    Explicit = par
  End Function
  Public Property Get Default() : Default = 3 : End Property
  Private step, explicit_
End Class
Set p = New Property : p.Property : p.Test q : Echo q ' expect: 5
Set k = New K2 : Echo k.Error(1), k.Explicit(2), k.Default ' expect: 1 2 3
'==== [2.2-assign] puts with empty parentheses and through chains
Class T
  Public prop
  Function getProp() : Set getProp = prop : End Function
End Class
Set x = New T : Set x.prop = New T : Set x.prop.prop = New T
x.prop.prop.prop = 2 : Echo x.getProp().getProp.prop ' expect: 2
x.getprop.getprop().prop = 3 : Echo x.getProp.prop.prop ' expect: 3
Set x.getprop.getprop().prop = New T : Echo TypeName(x.prop.prop.prop) ' expect: T
x.prop() = 5 : Echo x.prop ' expect: 5
'==== [2.2-calls] arguments that are expressions
Sub F1(x) : Echo x : End Sub ' expect: True | True | True | -1 | False
Sub F2(x, y) : Echo x, y : End Sub ' expect: True 2
F1 1 = 1
F1 1 = (1)
F1 Not 1 = 0
F1 -1
F2 1 = 1, 2
Call (((F1))) ((3 = 4)) : Echo "called" ' expect: called
y = (Abs)(-4) : Echo y ' expect: 4
'==== [2.2-calls] continued member chains
Class Chain : Public Function Ret() : n = n + 1 : Set Ret = Me : End Function : End Class
n = 0
Set c = New Chain
c.Ret().Ret()
c.Ret() _
.Ret()
c _
.Ret() _
.Ret()
Echo n ' expect: 6
'==== [2.2-with] a member of With as argument
Class W : Public A, B : End Class
Set w_ = New W : w_.A = 1 : w_.B = 2
With w_
  Echo .A, .B ' expect: 1 2
  Echo .A + .B ' expect: 3
  If .A = 1 And .B = 2 Then Echo "both" ' expect: both
  .A = .B : Echo .A ' expect: 2
End With
'==== [2.2-select] blank lines, colons and comments between cases
Select Case 1  :

  :Case 3, 4 :


  Case 5
:
    Echo "five"
  Case Else:

    Echo "else" ' expect: else
End Select
Select Case 0 ' comment
  ' another
  Case 1
  Case Else
    'empty
End Select
'==== [2.2-loops] colons and empty bodies
z = 2
While z > -4 :


z = z - 2
Wend
Echo z ' expect: -4
Do: :: x = x + 2 :::  : Loop Until x = 4 : Echo x ' expect: 4
Do While False : Loop
For i = 1 To 2 :: : Next
For Each v In Array(1) : Next
'==== [2.2-for] a loop that never begins leaves its variable at the start
For x = 5 To 4 : Next : Echo x ' expect: 5
For x = 5 To 3 Step True : s = s & x : Next : Echo s ' expect: 543
For i = CLng(1) To 2 : Next : Echo TypeName(i) ' expect: Long
For i = 1 To 40000 Step 20000 : Next : Echo i, TypeName(i) ' expect: 40001 Long
For i = 32767 To 32768 : t = t & TypeName(i) & " " : Next : Echo t ' expect: Integer Long 
For i = CCur(1) To 2 : Next : Echo TypeName(i), i ' expect: Currency 3
For i = #1/1/2003# To #1/2/2003# : Next : Echo TypeName(i), i ' expect: Date 1/3/2003
For i = 0.5 To 1.5 Step 0.5 : u = u & TypeName(i) & i & " " : Next : Echo u ' expect: Double0.5 Double1 Double1.5 
'==== [2.2-if] If inside If on one line, Else of the inner one
If False Then Echo "a" Else If True Then Echo "b" Else Echo "c" ' expect: b
If True Then If True Then Echo "d" Else Echo "e" ' expect: d
x = 5 : If x = 5 Then y = 1 : z = 2 Else y = 3
Echo y, z ' expect: 1 2
'==== [2.8-byref] an array element as ByRef argument of a Function in an expression
Function Grow(ByRef n) : n = n * 2 : Grow = n : End Function
Dim a(2) : a(1) = 4
x = Grow(a(1)) + a(1) : Echo x, a(1) ' expect: 16 8
'==== [2.8-byref] ReDim through a parameter
Sub Re(ByRef p) : ReDim p(6) : End Sub
Sub RePreserve(p) : ReDim Preserve p(7) : End Sub
Dim rx : ReDim rx(4) : Re rx : Echo UBound(rx) ' expect: 6
rx(3) = 2 : RePreserve rx : Echo UBound(rx), rx(3) ' expect: 7 2
Sub ClearIt(ByRef p) : Erase p : End Sub
Dim fixed(2) : fixed(0) = 1 : ClearIt fixed : Echo IsEmpty(fixed(0)), UBound(fixed) ' expect: True 2
'==== [2.8-results] a function that reads its pending result
Function R(x)
  If x Then Exit Function
  R = 2
  Dim y : y = R
  R = 1
  Call R(True)
  R = R + y
End Function
Echo R(False) ' expect: 3
'==== [2.2-dim] ReDim Preserve rules
Dim x : ReDim x(1, 3) : x(1, 3) = 9
ReDim Preserve x(1, 5) : Echo x(1, 3), UBound(x, 2) ' expect: 9 5
On Error Resume Next
ReDim Preserve x(2, 5) : Echo Err.Number ' expect: 9
Err.Clear : ReDim Preserve x(5) : Echo Err.Number ' expect: 9
Err.Clear : ReDim x("abc") : Echo Err.Number ' expect: 13
Err.Clear : Erase notThere : Echo Err.Number ' expect: 13
Err.Clear : ReDim x(-1) : Echo UBound(x), Err.Number ' expect: -1 0
'==== [2.2-hoist] a constant before its line, in an If that is not taken
If conf = "" Then Const cdoSendUsingPort = 2
Echo cdoSendUsingPort ' expect: 2
'==== [2.10-culprit] error 500 names the variable as written
Option Explicit
Dim ok
Echo MissSpelt ' expect error: 500 Variable is undefined: 'MissSpelt'
'==== [2.3-array] nested arrays, ReDim of an element's array, For over UBound
Dim list : list = Array() : Echo UBound(list) ' expect: -1
For i = 0 To 2
  ReDim Preserve list(UBound(list) + 1) : list(UBound(list)) = i * i
Next
Echo Join(list, ","), UBound(list) ' expect: 0,1,4 2
m = Array(Array(1, 2), Array(3, 4)) : n = m(1) : n(0) = 9 : Echo m(1)(0), n(0) ' expect: 3 9
m(0)(1) = 7 : Echo m(0)(1) ' expect: 7
'==== [2.2-scope] Language=VBScript without a directive is an assignment
Language=VBScript
Echo "[" & Language & "]" ' expect: []
'==== [2.10-mode] On Error inside one branch covers the rest of the procedure
Function Safe(n)
  Safe = "ok"
  If n = 1 Then On Error Resume Next
  x = CInt("zz") ' expect error: 13 Type mismatch: 'CInt'
  If Err.Number <> 0 Then Safe = "trapped"
End Function
Echo Safe(1) ' expect: trapped
y = Safe(0)
