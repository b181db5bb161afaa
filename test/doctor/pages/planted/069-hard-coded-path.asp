<%@ Language="VBScript" %>
<% Option Explicit %>
<html><head><title>Order received</title></head>
<body>
<%
Dim myMail
Set myMail = CreateObject("CDO.Message")
myMail.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 1
myMail.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverpickupdirectory") = "c:\inetpub\mailroot\pickup"
myMail.Configuration.Fields.Update
myMail.From = "robot@contoso.example"
myMail.To = "desk@contoso.example"
myMail.Subject = "Order received"
myMail.HTMLBody = "<p>See <a href=""http://www.contoso.example/"">us</a></p>"
myMail.Send
Set myMail = Nothing
%>
<p>Sent.</p>
</body></html>
