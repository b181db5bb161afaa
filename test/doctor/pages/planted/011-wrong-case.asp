<html><body>
<form method="post" action="mail.asp">
<input name="email" value="<%= Server.HTMLEncode(Request("email")) %>">
</form>
<%
Dim m
Set m = Server.CreateObject("CDO.Message")
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/SendUsing") = 2
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "mail.contoso.example"
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
m.Configuration.Fields.Update
m.From = "robot@contoso.example"
m.To = Request.Form("email")
m.Subject = "New registration"
m.HTMLBody = "<p>See <a href=""http://www.contoso.example/"">us</a></p>"
m.Send
Set m = Nothing
%>
<p>Sent.</p>
</body></html>
