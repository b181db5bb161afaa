<!--#include virtual="/constants.inc"-->
<%
Set m = Server.CreateObject("CDO.Message")
m.Configuration.Fields.Item(cdoSendUsingMethod) = cdoSendUsingPort
m.Configuration.Fields.Item(cdoSMTPServer) = "mail.contoso.example"
m.Configuration.Fields.Update
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.Send
%>
