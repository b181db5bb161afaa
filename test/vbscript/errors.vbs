' Errors: §2.10.
'==== [2.10-resume] the statement after the failing one runs
On Error Resume Next
x = 5
x = 1 / 0
Echo x, Err.Number, Err.Description, Err.Source ' expect: 5 11 Division by zero Microsoft VBScript runtime error
Echo "still" ' expect: still
'==== [2.10-callee] an error in a procedure without a handler resumes behind the call
Sub Inner : Echo "in" : x = 1 / 0 : Echo "never" : End Sub ' expect: in
Sub Outer : Inner : Echo "never either" : End Sub
On Error Resume Next
Outer
Echo "behind", Err.Number ' expect: behind 11
'==== [2.10-callee] a procedure with a handler of its own
Sub Own : On Error Resume Next : x = 1 / 0 : Echo "on", Err.Number : End Sub ' expect: on 11
Own
Echo Err.Number ' expect: 11
x = 1 / 0 ' expect error: 11 Division by zero
'==== [2.10-if] If with a failing condition takes the branch
On Error Resume Next
If 1 / 0 Then Echo "then" Else Echo "else" ' expect: then
If False Then
  Echo "no"
ElseIf 1 / 0 Then
  Echo "elseif" ' expect: elseif
Else
  Echo "else"
End If
'==== [2.10-do] loops with a failing condition
On Error Resume Next
n = 0
Do While 1 / 0
  n = n + 1 : If n = 3 Then Exit Do
Loop
Echo n ' expect: 3
n = 0 : Do : n = n + 1 : Loop While 1 / 0 : Echo n ' expect: 1
n = 0 : Do : n = n + 1 : Loop Until 1 / 0 : Echo n ' expect: 1
n = 0 : Do Until 1 / 0 : n = n + 1 : If n = 2 Then Exit Do
Loop
Echo n ' expect: 2
n = 0 : While 1 / 0 And n < 3 : n = n + 1 : On Error GoTo 0 : Wend ' expect error: 11 Division by zero
'==== [2.10-for] For with a failing bound runs its body once, then 92
On Error Resume Next
x = 6 : n = 0
For x = 1 / 0 To 100 : n = n + 1 : Next
Echo n, Err.Number, x ' expect: 1 92 6
Err.Clear : n = 0
For x = 100 To 1 / 0 : n = n + 1 : Next
Echo n, Err.Number, x ' expect: 1 92 6
Err.Clear : n = 0
For x = 1 To 2 Step 1 / 0 : n = n + 1 : Next
Echo n, Err.Number, x ' expect: 1 92 6
Err.Clear : n = 0
For x = 1 To 5 : n = n + 1 : If x = 3 Then x = "not a number"
Next
Echo n, x, Err.Number ' expect: 3 not a number 13
'==== [2.10-foreach] For Each over a failing collection runs its body once, then 451
On Error Resume Next
n = 0
For Each x In 1 / 0 : n = n + 1 : Next
Echo n, Err.Number ' expect: 1 451
Err.Clear : n = 0
For Each x In 5 : n = n + 1 : Next
Echo n, Err.Number ' expect: 1 451
'==== [2.10-select] Select Case with a failing subject runs no case
On Error Resume Next
Select Case 1 / 0
  Case 1: Echo "one"
  Case Else: Echo "else"
End Select
Echo Err.Number ' expect: 11
Err.Clear
Select Case 5
  Case 1 / 0: Echo "failing case" ' expect: failing case
  Case 5: Echo "five"
End Select
'==== [2.10-with] With over a failing object
On Error Resume Next
With 1 / 0
  Err.Clear
  x = .p
  Echo Err.Number ' expect: 424
End With
'==== [2.10-assign] a failing assignment changes nothing
On Error Resume Next
x = 1 : x = CInt("a") : Echo x ' expect: 1
a = Array(1, 2) : a(0) = CInt("a") : Echo a(0) ' expect: 1
Set o = CreateObject("No.Such") : Echo IsEmpty(o), Err.Number ' expect: True 429
'==== [2.10-goto0] On Error GoTo 0 clears and ends trapping
On Error Resume Next
x = 1 / 0
On Error GoTo 0
Echo Err.Number ' expect: 0
x = CInt("z") ' expect error: 13 Type mismatch: 'CInt'
'==== [2.10-mode] leaving a procedure restores the caller's mode
Sub Resumes : On Error Resume Next : End Sub
Resumes
x = 1 / 0 ' expect error: 11 Division by zero
'==== [2.10-mode] a number set in a procedure is still there behind it
Sub Sets : On Error Resume Next : x = 1 / 0 : End Sub
Function Leaves : On Error Resume Next : x = CInt("a") : Exit Function : End Function
Sets : Echo Err.Number ' expect: 11
Leaves : Echo Err.Number ' expect: 13
'==== [2.10-err] the Err object
On Error Resume Next
Echo Err.Number, "[" & Err.Description & "]", "[" & Err.Source & "]", Err.HelpContext, TypeName(Err), Err ' expect: 0 [] [] 0 Object 0
Err.Raise 13
Echo Err.Number, Err.Description, Err.Source ' expect: 13 Type mismatch Microsoft VBScript runtime error
Err.Raise vbObjectError + 1, "me", "mine", "help.chm", 7
Echo Err.Number, Err.Description, Err.Source, Err.HelpFile, Err.HelpContext ' expect: -2147221503 mine me help.chm 7
Err.Clear : Echo Err.Number, "[" & Err.Description & "]" ' expect: 0 []
Err.Raise 2 : Echo Err.Number, Err.Description ' expect: 2 Unknown runtime error
Err.Raise 5 : Echo Err.Number, Err.Description ' expect: 5 Unknown runtime error
Err.Clear : Err.Raise &H8007000E : Echo Err.Number, Err.Description ' expect: 7 Out of memory
Err.Clear : Err.Raise 1, "test" : Err.Raise 13 : Echo Err.Number, Err.Source, Err.Description ' expect: 13 test Unknown runtime error
Err.Clear : Err.Raise -20 : Echo Err.Number ' expect: -20
Err.Clear : Err.Raise &h10000& : Echo Err.Number ' expect: 5
Err.Clear : Err.Raise -3000000000 : Echo Err.Number ' expect: 6
Err.Clear : Echo TypeName(Err.Number), TypeName(Err.HelpContext), TypeName(Err.Source) ' expect: Long Long String
Err.Clear : Err.Raise &H800A000D : Echo Err.Number, Err.Description ' expect: 13 Type mismatch
Err.Raise &H80040213, "CDO.Message.1", "The transport failed" : Echo Err.Number, Hex(Err.Number), Err.Description ' expect: -2147220973 80040213 The transport failed
If Err.Number = -2147220973 Then Echo "literal" ' expect: literal
If Err = &H80040213 Then Echo "hex" ' expect: hex
Err.Number = 9 : Err.Description = "set" : Err.Source = "src" : Echo Err.Number, Err.Description, Err.Source ' expect: 9 set src
Err.Clear : Err.Raise 0 : Echo Err.Number ' expect: 5
Err.Clear : Err.Raise : Echo Err.Number ' expect: 450
Err.Clear : Err.Nonsense : Echo Err.Number ' expect: 438
'==== [2.10-err] an error that nobody traps
Err.Raise vbObjectError + 5, "My.Component", "went wrong" ' expect error: -2147221499 went wrong
'==== [2.10-hresult] HRESULTs of objects become VBScript's numbers
On Error Resume Next
For Each pair In Array(Array(&H80004001, 445), Array(&H80004002, 430), Array(&H80020001, 438), Array(&H80020003, 438), Array(&H80020004, 448), Array(&H80020005, 13), Array(&H80020006, 438), Array(&H80020007, 446), Array(&H80020008, 458), Array(&H8002000A, 6), Array(&H8002000B, 9), Array(&H8002000C, 447), Array(&H8002000D, 10), Array(&H8002000E, 450), Array(&H8002000F, 449), Array(&H80020011, 451), Array(&H80028017, 453), Array(&H80030002, 432), Array(&H80030003, 76), Array(&H80030004, 67), Array(&H80030005, 70), Array(&H80030008, 7), Array(&H80030012, 67), Array(&H80030013, 70), Array(&H8003001D, 57), Array(&H8003001E, 57), Array(&H80030020, 75), Array(&H80030021, 70), Array(&H80030050, 58), Array(&H80030070, 61), Array(&H800300FC, 53), Array(&H80040154, 429), Array(&H800401E3, 429), Array(&H800401EA, 432), Array(&H800401F3, 429), Array(&H800401F5, 429), Array(&H80070005, 70), Array(&H8007000E, 7), Array(&H80070057, 5), Array(&H800706BA, 462), Array(&H800A01B6, 438))
  Err.Clear
  TestObject.Fail pair(0)
  If Err.Number <> pair(1) Then Echo Hex(pair(0)), Err.Number
Next
TestObject.Fail &H80070005 : Echo Err.Number, Err.Description, Err.Source ' expect: 70 Permission denied Test.Object
TestObject.Fail &H80040211, "own text" : Echo Err.Number, Err.Description, Err.Source ' expect: -2147220975 own text Test.Object
TestObject.Fail &H80070057, "with a text it stays" : Echo Err.Number, Err.Description ' expect: -2147024809 with a text it stays
TestObject.Throw : Echo Err.Number, Err.Description ' expect: 440 Automation error
'==== [2.10-culprit] Err.Description leaves the culprit out
On Error Resume Next
foo 1 : Echo Err.Description ' expect: Type mismatch
x = Left("abc", -1) : Echo Err.Description ' expect: Invalid procedure call or argument
Sub Two(a, b) : End Sub
Two 1 : Echo Err.Number, Err.Description ' expect: 450 Wrong number of arguments or invalid property assignment
Two = 3 : Echo Err.Number ' expect: 501
TestObject.Sned : Echo Err.Description ' expect: Object doesn't support this property or method
'==== [2.10-culprit] an error nobody traps names the culprit: foo 1
foo 1 ' expect error: 13 Type mismatch: 'foo'
'==== [2.10-culprit] an error nobody traps names the culprit: x = foo(1)
x = foo(1) ' expect error: 13 Type mismatch: 'foo'
'==== [2.10-culprit] an error nobody traps names the culprit: e.Send
e.Send ' expect error: 424 Object required: 'e'
'==== [2.10-culprit] an error nobody traps names the culprit: x = a.b.c
x = a.b.c ' expect error: 424 Object required: 'a'
'==== [2.10-culprit] an error nobody traps names the culprit: Set n = Nothing : n.Send
Set n = Nothing : n.Send ' expect error: 91 Object variable not set: 'n'
'==== [2.10-culprit] an error nobody traps names the culprit: TestObject.Sned
TestObject.Sned ' expect error: 438 Object doesn't support this property or method: 'Sned'
'==== [2.10-culprit] an error nobody traps names the culprit: TestObject.Sned = 1
TestObject.Sned = 1 ' expect error: 438 Object doesn't support this property or method: 'Sned'
'==== [2.10-culprit] an error nobody traps names the culprit: x = Left("abc", -1)
x = Left("abc", -1) ' expect error: 5 Invalid procedure call or argument: 'Left'
'==== [2.10-culprit] an error nobody traps names the culprit: x = Len()
x = Len() ' expect error: 450 Wrong number of arguments or invalid property assignment: 'Len'
'==== [2.10-culprit] an error nobody traps names the culprit: TestObject.Add 1
TestObject.Add 1 ' expect error: 450 Wrong number of arguments or invalid property assignment: 'Add'
'==== [2.10-culprit] an error nobody traps names the culprit: Set x = 5
Set x = 5 ' expect error: 424 Object required: 'x'
'==== [2.10-culprit] an error nobody traps names the culprit: vbCr = 3
vbCr = 3 ' expect error: 501 Illegal assignment: 'vbCr'
'==== [2.10-culprit] an error nobody traps names the culprit: Date = 3
Date = 3 ' expect error: 501 Illegal assignment: 'Date'
'==== [2.10-culprit] an error nobody traps names the culprit: TestObject = 3
TestObject = 3 ' expect error: 501 Illegal assignment: 'TestObject'
'==== [2.10-culprit] an error nobody traps names the culprit: x = CInt("a")
x = CInt("a") ' expect error: 13 Type mismatch: 'CInt'
'==== [2.10-culprit] an error nobody traps names the culprit: x = 1 + "abc"
x = 1 + "abc" ' expect error: 13 Type mismatch: '[string: "abc"]'
'==== [2.10-culprit] an error nobody traps names the culprit: Dim l(3) : x = l(4)
Dim l(3) : x = l(4) ' expect error: 9 Subscript out of range: '[number: 4]'
'==== [2.10-culprit] an error nobody traps names the culprit: x = 5 : x(0) = 1
x = 5 : x(0) = 1 ' expect error: 13 Type mismatch: 'x'
'==== [2.10-culprit] an error nobody traps names the culprit: Set o = CreateObject("No.Such")
Set o = CreateObject("No.Such") ' expect error: 429 ActiveX component can't create object: 'No.Such'
'==== [2.10-execute] errors inside Execute
On Error Resume Next
Execute "x = " : Echo Err.Number, Err.Description, Err.Source ' expect: 1002 Syntax error Microsoft VBScript compilation error
Err.Clear : x = Eval("1 + ") : Echo Err.Number ' expect: 1002
Err.Clear : Execute "y = 1 : z = 1 / 0 : y = 2" : Echo Err.Number, y ' expect: 11 1
Err.Clear : Execute 42 : Echo Err.Number ' expect: 13
Err.Clear : ExecuteGlobal Null : Echo Err.Number ' expect: 13
Err.Clear : x = Eval("CBool(""no"")") : Echo Err.Number ' expect: 13
Err.Clear : Execute "Option Explicit : q = 1" : Echo Err.Number ' expect: 500
'==== [2.10-execute] an error inside Execute has the line of its text
Dim a, b

Execute "a = 1" & vbLf & vbLf & "b = 1 / 0" & vbLf ' expect error: 11 Division by zero
'==== [runtime-28] recursion without end
Sub Forever : Forever : End Sub
Sub A : B : End Sub
Sub B : A : End Sub
On Error Resume Next
Forever : Echo Err.Number, Err.Description ' expect: 28 Out of stack space
Err.Clear : A : Echo Err.Number ' expect: 28
'==== [runtime-14] a string that grows without end
On Error Resume Next
s = String(1000000, "x")
For i = 1 To 20 : s = s & s : Next
Echo Err.Number, Err.Description, Len(s) ' expect: 14 Out of string space 64000000
'==== [runtime-7] an array beyond the limit
On Error Resume Next
ReDim a(100000000) : Echo Err.Number, Err.Description ' expect: 7 Out of memory
