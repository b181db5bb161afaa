<%@ LANGUAGE = VBScript %>
<html>
<body bgcolor="#ffffff">
<h1>Thank you</h1>
<%
Dim oMsg
Set oMsg = CreateObject("CDO.Message")
oMsg.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2oMsg.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "mail.contoso.example"
oMsg.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
oMsg.Configuration.Fields.Update
oMsg.From = "robot@contoso.example"
oMsg.To = "desk@contoso.example"
oMsg.Subject = "Feedback form"
oMsg.HTMLBody = "<p>See <a href=""http://www.contoso.example/"">us</a></p>"
oMsg.Send
Set oMsg = Nothing
%>
<p>Sent.</p>
</body></html>
