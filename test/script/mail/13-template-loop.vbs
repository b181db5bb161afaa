' A letter from a template to everyone in a list; one Configuration for all.
Set fso = CreateObject("Scripting.FileSystemObject")
template = fso.OpenTextFile("C:\jobs\template.txt").ReadAll
schema = "http://schemas.microsoft.com/cdo/configuration/"
Set conf = CreateObject("CDO.Configuration")
With conf.Fields
  .Item(schema & "sendusing") = 2
  .Item(schema & "smtpserver") = "mail.example.test"
  .Item(schema & "smtpserverport") = 2525
  .Update
End With
Set list = fso.OpenTextFile("C:\jobs\list.csv", 1)
sent = 0
Do Until list.AtEndOfStream
  line = Trim(list.ReadLine)
  If line <> "" And Left(line, 1) <> "#" Then
    cells = Split(line, ";")
    Set msg = CreateObject("CDO.Message")
    Set msg.Configuration = conf
    msg.From = "letters@example.test"
    msg.To = cells(1)
    msg.Subject = "For " & cells(0)
    msg.TextBody = Replace(Replace(template, "{name}", cells(0)), "{amount}", FormatNumber(cells(2), 2))
    msg.Send
    sent = sent + 1
  End If
Loop
list.Close
WScript.Echo sent & " letters"
