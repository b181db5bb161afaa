' Watches a queue folder by turns: what is new, what grew, what stuck; tries each file some times before it is put aside.
Option Explicit
Dim fso, watch, turn
Set fso = CreateObject("Scripting.FileSystemObject")
fso.CreateFolder "C:\data\queue"
fso.CreateFolder "C:\data\bad"
Set watch = New Watcher
watch.Folder = "C:\data\queue"
watch.MostTries = 3

For turn = 1 To 6
  Happen turn
  WScript.Echo "turn " & turn & ": " & watch.Look
Next
WScript.Echo "sent: " & watch.Sent & ", bad: " & fso.GetFolder("C:\data\bad").Files.Count & ", left: " & fso.GetFolder("C:\data\queue").Files.Count

Sub Put(name, text)
  With fso.OpenTextFile("C:\data\queue\" & name, 8, True) : .Write text : .Close : End With
End Sub

Sub Happen(turn)
  Select Case turn
    Case 1
      Put "one.eml", "To: ann@example.test" & vbCrLf & vbCrLf & "Hello"
      Put "two.eml", "To: refused@example.test" & vbCrLf & vbCrLf & "x"
    Case 2
      Put "big.eml", "To: bob@exa"
    Case 3
      Put "big.eml", "mple.test" & vbCrLf & vbCrLf & "y"
    Case 4
      Put "empty.eml", ""
  End Select
End Sub

Class Watcher
  Public Folder, MostTries, Sent
  Private sizes_, tries_
  Private Sub Class_Initialize
    Set sizes_ = CreateObject("Scripting.Dictionary")
    Set tries_ = CreateObject("Scripting.Dictionary")
    Sent = 0
  End Sub

  Public Function Look
    Dim file, key, words
    For Each file In fso.GetFolder(Folder).Files
      key = LCase(file.Name)
      If Not sizes_.Exists(key) Then
        sizes_.Add key, file.Size
        words = words & " new " & key
      ElseIf sizes_(key) <> file.Size Then
        sizes_(key) = file.Size
        words = words & " grows " & key
      Else
        words = words & " " & Process(file, key)
      End If
    Next
    Look = Trim(words)
    If Look = "" Then Look = "nothing"
  End Function

  Private Function Process(file, key)
    Dim address
    tries_(key) = tries_(key) + 1
    On Error Resume Next
    address = AddressIn(file)
    If Err.Number = 0 Then Deliver address
    If Err.Number = 0 Then
      file.Delete
      sizes_.Remove key
      tries_.Remove key
      Sent = Sent + 1
      Process = "sent " & key & " to " & address
    ElseIf tries_(key) >= MostTries Or Err.Number = vbObjectError + 1501 Then
      Process = "bad " & key & " (" & Err.Description & ")"
      file.Move "C:\data\bad\" & key
      sizes_.Remove key
      tries_.Remove key
    Else
      Process = "again " & key & " " & tries_(key)
    End If
  End Function

  Private Function AddressIn(file)
    Dim stream, line
    If file.Size = 0 Then Err.Raise vbObjectError + 1501, "Watcher", "empty"
    Set stream = file.OpenAsTextStream
    line = stream.ReadLine
    stream.Close
    If LCase(Left(line, 4)) <> "to: " Then Err.Raise vbObjectError + 1501, "Watcher", "no To line"
    AddressIn = Mid(line, 5)
  End Function

  Private Sub Deliver(address)
    If InStr(address, "refused") = 1 Then Err.Raise vbObjectError + 1451, "Watcher", "451 try again"
  End Sub
End Class
