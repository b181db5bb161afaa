Option Explicit
' A mailer for batch files:  cscript 03-command-line.vbs /to:a@x /from:b@x /subject:"..." [/body:...] [/html] file ...
Dim args, named, msg, i, fso, name
Set args = WScript.Arguments
Set named = args.Named
If Not named.Exists("to") Or Not named.Exists("from") Then
  WScript.StdErr.WriteLine "usage: " & WScript.ScriptName & " /to:ADDRESS /from:ADDRESS [/subject:TEXT] [/body:TEXT] [/html] [FILE ...]"
  WScript.Quit 2
End If
Set fso = CreateObject("Scripting.FileSystemObject")
Set msg = CreateObject("CDO.Message")
msg.To = named("to")
msg.From = named.Item("from")
If named.Exists("subject") Then msg.Subject = named("subject") Else msg.Subject = "(no subject)"
If named.Exists("html") Then
  msg.HTMLBody = named("body")
Else
  msg.TextBody = named("body")
End If
For i = 0 To args.Unnamed.Count - 1
  name = fso.GetAbsolutePathName(args.Unnamed(i))
  If Not fso.FileExists(name) Then
    WScript.StdErr.WriteLine "no such file: " & args.Unnamed(i)
    WScript.Quit 1
  End If
  msg.AddAttachment name
Next
msg.Send
WScript.Echo msg.Attachments.Count & " file(s) sent to " & msg.To
