' A shop's mail function: takes the first component that is there.
Function SendMail(component, toAddress, subject, body)
  Dim mail
  On Error Resume Next
  Set mail = CreateObject(component)
  If Err.Number <> 0 Then
    SendMail = "missing (" & Err.Number & ")"
    Exit Function
  End If
  Select Case LCase(component)
    Case "cdo.message"
      mail.From = "shop@example.test": mail.To = toAddress: mail.Subject = subject: mail.TextBody = body
      mail.Send
    Case "cdonts.newmail"
      mail.Send "shop@example.test", toAddress, subject, body
    Case "persits.mailsender", "persits.mailsender.4"
      mail.Host = "mail.example.test": mail.Port = 2525
      mail.From = "shop@example.test": mail.AddAddress toAddress: mail.Subject = subject: mail.Body = body
      mail.Send
    Case Else
      SendMail = "unknown"
      Exit Function
  End Select
  If Err.Number = 0 Then SendMail = "sent" Else SendMail = Err.Description
End Function

For Each c In Array("SoftArtisans.Gone", "CDONTS.NewMail", "CDO.Message", "Persits.MailSender", "Scripting.Dictionary")
  WScript.Echo c & ": " & SendMail(c, "ann@example.net", "By " & c, "x")
Next
