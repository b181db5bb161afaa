<%
Const cdoSendUsingPort = 2
Const cdoSendUsingMethod = "http://schemas.microsoft.com/cdo/configuration/sendusing"
Const cdoSMTPServer = "http://schemas.microsoft.com/cdo/configuration/smtpserver"
Set m = CreateObject("CDO.Message")
With m.Configuration.Fields
.Item(cdoSendUsingMethod) = cdoSendUsingPort
.Item(cdoSMTPServer) = "mail.contoso.example"
.Update
End With
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.Send
%>
