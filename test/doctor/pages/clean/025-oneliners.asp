<%@ LANGUAGE = VBScript %>
<html>
<body bgcolor="#ffffff">
<h1>Thank you</h1>
<%
Dim m
Set m = Server.CreateObject("CDO.Message")
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "10.0.0.25"
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
m.Configuration.Fields.Update
m.From = "robot@contoso.example"
m.To = Request.Form("email")
m.Subject = "Your enquiry"
m.TextBody = "Dear " & Request.Form("name") & vbCrLf & "it's done."
m.Send
Set m = Nothing
%>
<p>Sent.</p>
</body></html>
