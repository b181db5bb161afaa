' Modules by ExecuteGlobal: files are included once, know each other, replace what they must, and fail with a name.
Option Explicit
Dim fso, loaded
Set fso = CreateObject("Scripting.FileSystemObject")
Set loaded = CreateObject("Scripting.Dictionary")
loaded.CompareMode = vbTextCompare
Prepare

Include "app.vbs"
WScript.Echo "loaded: " & Join(loaded.Keys, ", ")
WScript.Echo Greeting("Ann") & " | " & Shout("quiet") & " | " & Version
Dim c : Set c = New Counter
c.Add 2 : c.Add 3
WScript.Echo c & " " & TypeName(c) & " " & Limit

Include "APP.VBS"
WScript.Echo "again: " & loaded.Count
ExecuteGlobal "Function Version : Version = ""2.0"" : End Function"
WScript.Echo "replaced: " & Version & " " & Describe

WScript.Echo Try("missing.vbs")
WScript.Echo Try("broken.vbs")
WScript.Echo Try("failing.vbs")
WScript.Echo Try("ring1.vbs") & " " & RingOne & RingTwo

Dim expression
For Each expression In Array("1 + 2 * 3", "Len(""abc"") = 3", "Greeting(""Eve"")", "1 +", "c + 1", "Undefined(1)")
  WScript.Echo expression & " -> " & Evaluate(expression)
Next
WScript.Echo Local(5)
WScript.Echo Dispatch("add", 2, 3) & " " & Dispatch("join", "a", "b") & " " & Dispatch("none", 1, 2)

Sub Include(name)
  If loaded.Exists(name) Then Exit Sub
  loaded.Add name, True
  Dim text
  With fso.OpenTextFile(fso.BuildPath("C:\data\lib", name))
    text = .ReadAll
    .Close
  End With
  ExecuteGlobal text
End Sub

Function Try(name)
  On Error Resume Next
  Include name
  If Err.Number = 0 Then Try = name & " ok" Else Try = name & ": " & Err.Number & " " & Err.Description & " (" & Err.Source & ")"
End Function

Function Evaluate(text)
  On Error Resume Next
  Evaluate = Eval(text)
  If Err.Number <> 0 Then Evaluate = "error " & Err.Number
End Function

Function Local(n)
  Dim factor
  factor = 10
  Execute "Dim made : made = n * factor : n = n + 1"
  Local = made & " " & n & " " & Eval("made + n")
End Function

Function Dispatch(verb, a, b)
  Dim handlers
  Set handlers = CreateObject("Scripting.Dictionary")
  handlers.Add "add", GetRef("DoAdd")
  Set handlers("join") = GetRef("DoJoin")
  If handlers.Exists(verb) Then Dispatch = handlers(verb)(a, b) Else Dispatch = "no " & verb
End Function
Function DoAdd(a, b) : DoAdd = a + b : End Function
Function DoJoin(a, b) : DoJoin = a & "-" & b : End Function

Sub Write(name, lines)
  With fso.CreateTextFile("C:\data\lib\" & name)
    .Write Join(lines, vbCrLf)
    .Close
  End With
End Sub

Sub Prepare
  fso.CreateFolder "C:\data\lib"
  Write "app.vbs", Array("Include ""text.vbs""", "Include ""counter.vbs""", "Function Greeting(name)", "  Greeting = ""Hello "" & name & Mark", "End Function", "Function Version : Version = ""1.0"" : End Function", "Function Describe : Describe = ""version "" & Version : End Function")
  Write "text.vbs", Array("Const Mark = ""!""", "Function Shout(text) : Shout = UCase(text) & Mark : End Function")
  Write "counter.vbs", Array("Include ""text.vbs""", "Const Limit = 99", "Class Counter", "  Private total", "  Private Sub Class_Initialize : total = 0 : End Sub", "  Public Sub Add(n) : total = total + n : End Sub", "  Public Default Property Get Value : Value = total : End Property", "End Class")
  Write "broken.vbs", Array("x = 1", "If x Then")
  Write "failing.vbs", Array("Dim y", "y = 1", "y = y / 0")
  Write "ring1.vbs", Array("Include ""ring2.vbs""", "Function RingOne : RingOne = 1 : End Function")
  Write "ring2.vbs", Array("Include ""ring1.vbs""", "Function RingTwo : RingTwo = 2 : End Function")
End Sub
