<%
Set c = Server.CreateObject("CDO.Configuration")
ConfigureElsewhere c
Set m = Server.CreateObject("CDO.Message")
Set m.Configuration = c
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.Send
%>
