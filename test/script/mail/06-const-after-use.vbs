' Constants are known from the first line on, wherever they stand.
Set conf = CreateObject("CDO.Configuration")
Set flds = conf.Fields
flds(schema & "sendusing") = cdoSendUsingPort
flds(schema & "smtpserver") = server
flds(schema & "smtpserverport").Value = "2525"
flds(schema & "smtpconnectiontimeout") = 60
flds.Update
If IsEmpty(neverSet) Then
  Const cdoSendUsingPort = 2
End If
Set msg = CreateObject("CDO.Message")
Set msg.Configuration = conf
msg.To = "ann@example.net"
msg.From = "const@example.test"
msg.Subject = "Constants " & cdoSendUsingPort
msg.TextBody = "ok"
msg.Send
Const schema = "http://schemas.microsoft.com/cdo/configuration/"
Const server = "mail.example.test"
