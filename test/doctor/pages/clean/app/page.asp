<%
Set m = Server.CreateObject("CDO.Message")
m.Configuration.Fields.Item(cdoSendUsingMethod) = cdoSendUsingPort
m.Configuration.Fields.Item(cdoSMTPServer) = Application("server")
m.Configuration.Fields.Update
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.Send
%>
