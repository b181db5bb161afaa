<%
Set Application("cfg") = Server.CreateObject("CDO.Configuration")
Set m = Server.CreateObject("CDO.Message")
Set m.Configuration = Application("cfg")
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.Send
%>
