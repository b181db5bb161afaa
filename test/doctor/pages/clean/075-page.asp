<%
Set m = Server.CreateObject("CDO.Message")
m.CreateMHTMLBody "http://www.contoso.example/news.asp", 31
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.Send
%>
