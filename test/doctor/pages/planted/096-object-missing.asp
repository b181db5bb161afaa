<%@ Language=JScript %>
<%
var s = Server.CreateObject("CDONTS.Session");
s.LogonSMTP("Me", "me@contoso.example");
var msg = s.Outbox.Messages.Add("sub", "text");
msg.Send();
%>
