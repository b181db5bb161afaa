' JMail, quiet, with its log.
Set msg = CreateObject("JMail.Message")
msg.Logging = True
msg.Silent = True
msg.Charset = "utf-8"
msg.From = "jmail@example.test"
msg.FromName = "J. Mail"
msg.AddRecipient "ann@example.net", "Ann"
msg.AddRecipientCC "bob@example.net"
msg.Subject = "By JMail"
msg.Body = "Hello." & vbCrLf
msg.AppendText "Bye."
msg.AddAttachment "C:\jobs\report.txt"
If Not msg.Send("mail.example.test:2525") Then
  WScript.Echo msg.ErrorMessage
Else
  WScript.Echo "sent to " & Replace(msg.RecipientsString, vbCrLf, " ")
End If
