' Sends an alert and keeps a log, whatever happens.
Const ForAppending = 8
Dim fso, log
Set fso = CreateObject("Scripting.FileSystemObject")
If Not fso.FolderExists("C:\jobs\logs") Then fso.CreateFolder "C:\jobs\logs"
Set log = fso.OpenTextFile("C:\jobs\logs\alert.log", ForAppending, True)

Sub LogLine(text)
  log.WriteLine Year(Now) & "-" & Right("0" & Month(Now), 2) & "-" & Right("0" & Day(Now), 2) & " " & text
End Sub

Function SendAlert(subject, body)
  On Error Resume Next
  Dim mail
  Set mail = CreateObject("CDO.Message")
  mail.From = "alert@example.test"
  mail.To = "ops@example.net"
  mail.Subject = subject
  mail.TextBody = body
  mail.Send
  If Err.Number <> 0 Then
    LogLine "FAILED " & subject & ": " & Err.Description
    SendAlert = False
    Err.Clear
  Else
    LogLine "sent " & subject
    SendAlert = True
  End If
End Function

LogLine "start"
ok = SendAlert("Disk almost full on " & CreateObject("WScript.Network").ComputerName, "C: has 5 % left." & vbCrLf & "Please act.")
LogLine "end " & ok
log.Close
If Not ok Then WScript.Quit 1
