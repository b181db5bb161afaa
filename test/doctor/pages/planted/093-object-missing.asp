<html><body>
<form method="post" action="mail.asp">
<input name="email" value="<%= Server.HTMLEncode(Request("email")) %>">
</form>
<%
Dim m
Set m = CreateObject("CDONTS.NewMail")
m.From = "a@contoso.example"
m.To = Request("to")
m.Subject = "x"
m.Body = "y"
m.BodyFormat = 0
m.MailFormat = 0
m.Send
%>
