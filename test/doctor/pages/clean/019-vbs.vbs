' nightly report, started by the task scheduler
Option Explicit
Dim m, cfg
cfg = "http://schemas.microsoft.com/cdo/configuration/"
Set m = CreateObject("CDO.Message")
With m.Configuration.Fields
  .Item(cfg & "sendusing") = 2
  .Item(cfg & "smtpserver") = "mx1.tailspin.example"
  .Item(cfg & "smtpserverport") = 25
  .Item(cfg & "smtpauthenticate") = 1
  .Item(cfg & "smtpusessl") = True
  .Item(cfg & "sendusername") = "robot"
  .Item(cfg & "sendpassword") = WScript.Arguments(1)
  .Update
End With
m.From = "backup@contoso.example"
m.To = WScript.Arguments(0)
m.Subject = "Backup " & Date
m.TextBody = "Done at " & Now
m.Send
WScript.Echo "ok"
