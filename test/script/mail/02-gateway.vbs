' Fields by their URL, one line each, through a gateway.
Set objMessage = CreateObject("CDO.Message")
objMessage.Subject = "Gateway"
objMessage.From = """Shop"" <shop@example.test>"
objMessage.To = "ann@example.net; bob@example.net;"
objMessage.Bcc = "boss@example.net"
objMessage.TextBody = "Through port 2525."
objMessage.Configuration.Fields.Item _
  ("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
objMessage.Configuration.Fields.Item _
  ("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "mail.example.test"
objMessage.Configuration.Fields.Item _
  ("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 2525
objMessage.Configuration.Fields.Update
objMessage.Send
