' Retry loops: what fails now and then is tried again after a growing pause; errors are told apart, counted, and passed on.
Option Explicit
Const Temporary = 2001, Permanent = 2002
Dim attempts, log, job
Set log = CreateObject("Scripting.Dictionary")

For Each job In Array("fine", "second", "fourth", "never", "refused", "crash", "division")
  WScript.Echo job & ": " & Try(job, 3)
Next
WScript.Echo "log: " & log.Count & " entries, first " & log(1) & ", last " & log(log.Count)
WScript.Echo "Err afterwards: " & Err.Number

WScript.Echo Nested("a") & " | " & Nested("b")
WScript.Echo Cleanup(False) & " | " & Cleanup(True)
Unhandled
WScript.Echo "not reached"

Function Try(name, most)
  Dim pause, number, text, source
  attempts = 0
  pause = 1
  Do
    attempts = attempts + 1
    On Error Resume Next
    Err.Clear
    Try = Work(name)
    number = Err.Number : text = Err.Description : source = Err.Source
    On Error GoTo 0
    If number = 0 Then
      Note name, "done"
      Try = Try & " after " & attempts
      Exit Function
    End If
    Note name, number & " " & text
    Select Case number
      Case vbObjectError + Temporary
        If attempts = most Then Try = "given up: " & text : Exit Function
        WScript.Sleep pause
        pause = pause * 2
      Case vbObjectError + Permanent
        Try = "refused by " & source & ": " & text
        Exit Function
      Case Else
        Try = "failed: " & number & " " & text
        Exit Function
    End Select
  Loop
End Function

Function Work(name)
  Dim x
  Select Case name
    Case "fine"
    Case "second"
      If attempts < 2 Then Err.Raise vbObjectError + Temporary, "Server", "busy"
    Case "fourth"
      If attempts < 4 Then Err.Raise vbObjectError + Temporary, "Server", "busy still"
    Case "never"
      Err.Raise vbObjectError + Temporary, "Server", "always busy"
    Case "refused"
      Err.Raise vbObjectError + Permanent, "Server", "550 no such user"
    Case "crash"
      x = NoSuchFunction(1)
    Case "division"
      x = 1 / (attempts - 1)
  End Select
  Work = "ok"
End Function

Sub Note(name, text)
  log.Add log.Count + 1, name & "=" & text
End Sub

' An error inside passes two procedures without a handler and is met where there is one.
Function Nested(which)
  On Error Resume Next
  Nested = Outer(which)
  If Err.Number <> 0 Then Nested = Err.Number & " in " & which
End Function
Function Outer(which)
  Outer = Inner(which)
  Outer = Outer & "!"
End Function
Function Inner(which)
  If which = "b" Then Inner = CLng("12x") Else Inner = CLng("12")
End Function

Function Cleanup(fails)
  Dim fso, path, file
  Set fso = CreateObject("Scripting.FileSystemObject")
  path = "C:\data\lock.tmp"
  Set file = fso.CreateTextFile(path)
  On Error Resume Next
  If fails Then file.Write 1 / 0 Else file.Write "text"
  Cleanup = Err.Number
  Err.Clear
  file.Close
  fso.DeleteFile path
  Cleanup = Cleanup & " " & fso.FileExists(path)
End Function

Sub Unhandled
  Dim list(2)
  On Error Resume Next
  list(5) = 1
  WScript.Echo "inside: " & Err.Number
  On Error GoTo 0
  WScript.Echo "cleared: " & Err.Number
  WScript.Quit 4
End Sub
