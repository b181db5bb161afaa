<%
Set objMessage = CreateObject("CDO.Message")
objMessage.Subject = "Example"
objMessage.From = "me@contoso.example"
objMessage.To = "you@contoso.example"
'==This section provides the configuration information for the remote SMTP server.
objMessage.Configuration.Fields.Item _
("https://schemas.microsoft.com/cdo/configuration/sendusing") = 2
objMessage.Configuration.Fields.Item _
("https://schemas.microsoft.com/cdo/configuration/smtpserver") = "relay.northwind.example"
objMessage.Configuration.Fields.Item _
("https://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
objMessage.Configuration.Fields.Update
'==End remote SMTP server configuration section==
objMessage.Send
%>
