' Where errors are, when the text that failed was made by the script: §2.10.
'==== [2.10-execute] a procedure of ExecuteGlobal fails where its text has it
ExecuteGlobal "Sub Made" & vbCrLf & "  Dim x" & vbCrLf & "  x = 1 / 0" & vbCrLf & "End Sub"
' The error is placed in line 3 of the text.
Made ' expect error: 11 Division by zero
'==== [2.10-execute] a compile error has the place in the text
Dim a
' expect compile error: 1002, 6
Execute "a = 1" & vbLf & "a = ("
'==== [2.10-execute] Err tells of errors in made texts like of others
On Error Resume Next
Function E : E = Err.Number & " " & Err.Description & " " & Err.Source : Err.Clear : End Function
Execute "x = 1 / 0" : Echo E ' expect: 11 Division by zero Microsoft VBScript runtime error
Execute "If" : Echo E ' expect: 1002 Syntax error Microsoft VBScript compilation error
Execute "Err.Raise 700, ""Made"", ""text""" : Echo E ' expect: 700 text Made
ExecuteGlobal "Function Bad(n) : Bad = CInt(n) : End Function" : Echo E, Bad("5") ' expect: 0   5
x = Bad("no") : Echo E ' expect: 13 Type mismatch Microsoft VBScript runtime error
x = Eval("Bad(""no"")") : Echo E ' expect: 13 Type mismatch Microsoft VBScript runtime error
x = Eval("unknown_.member") : Echo E ' expect: 424 Object required Microsoft VBScript runtime error
Echo Eval("1 +") : Echo E ' expect: 1002 Syntax error Microsoft VBScript compilation error
Echo Eval("x = 1 : y = 2") : Echo E ' expect: 1002 Syntax error Microsoft VBScript compilation error
'==== [2.10-execute] a callback fails where it stands
Function Fails(v)
  Fails = CInt(v) ' expect error: 13 Type mismatch: 'CInt'
End Function
Function Apply(f, v) : Apply = f(v) : End Function
Echo Apply(GetRef("Fails"), "5") ' expect: 5
Echo Apply(GetRef("Fails"), "x")
'==== [2.10-execute] a made text may hold its own handler, and the caller keeps its own
Sub Work
  Execute "On Error Resume Next : q = 1 / 0 : r = ""went on"""
  Echo r ' expect: went on
End Sub
Work
Dim n : n = 0
Execute "For i = 1 To 3 : n = n + i : Next" : Echo n ' expect: 6
Execute "Class Made : Public V : End Class" : Set m = New Made : m.V = 4 : Echo m.V ' expect: 4
Execute "Const Seven = 7" : Echo Seven ' expect: 7
Execute "Function F(x) : F = x * 2 : End Function" : Echo F(4) ' expect: 8
Echo Eval("F(3) + " & Seven) ' expect: 13
'==== [2.10-execute] Option Explicit of the script holds for its own text, not for made ones
Option Explicit
Dim a
Execute "b = 5 : a = b"
Echo a ' expect: 5
'==== [2.10-execute] errors inside made texts inside made texts
On Error Resume Next ' expect: 3
Execute "Execute ""z = 1 / 0""" : Echo Err.Number ' expect: 11
Err.Clear : Execute "x = Eval(""1 / 0"")" : Echo Err.Number ' expect: 11
Err.Clear : Execute "Execute ""Execute """"ok = 1""""""" : Echo ok, Err.Number ' expect: 1 0
Err.Clear : ExecuteGlobal "Sub S : Execute ""t = 3"" : Echo t : End Sub" : S
'==== [2.10-execute] one text after the other with the same names
For i = 1 To 3
  ExecuteGlobal "Function Version : Version = " & i & " : End Function"
  s = s & Version()
Next
Echo s ' expect: 123
ExecuteGlobal "Dim shared : shared = 5" : ExecuteGlobal "Dim shared" : Echo shared ' expect: 5
