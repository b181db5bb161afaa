' Mails what comes through the pipe; the first line is the subject.
If WScript.StdIn.AtEndOfStream Then WScript.Quit 3
subject = WScript.StdIn.ReadLine
body = ""
Do While Not WScript.StdIn.AtEndOfStream
  body = body & WScript.StdIn.ReadLine & vbCrLf
Loop
With CreateObject("CDO.Message")
  .From = "pipe@example.test"
  .To = WScript.Arguments(0)
  .Subject = subject
  .TextBody = body
  .Send
End With
WScript.StdOut.Write Len(body) & " characters"
