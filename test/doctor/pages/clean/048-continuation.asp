<%
Set objMessage = CreateObject("CDO.Message")
objMessage.Subject = "Example"
objMessage.From = "me@contoso.example"
objMessage.To = "you@contoso.example"
'==This section provides the configuration information for the remote SMTP server.
objMessage.Configuration.Fields.Item _
("http://schemas.microsoft.com/cdo/configuration/sendusing") = 1
objMessage.Configuration.Fields.Update
'==End remote SMTP server configuration section==
objMessage.Send
%>
