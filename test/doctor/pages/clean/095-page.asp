<%
Set m = Server.CreateObject("CDO.Message")
m.BodyPart.Charset = "utf-8"
m.From = """Shop"" <a@contoso.example>"
m.To = "b@contoso.example; c@contoso.example;"
m.HTMLBody = Replace(template, "{name}", Server.HTMLEncode(Request("name")))
m.Send
%>
