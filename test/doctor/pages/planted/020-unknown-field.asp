<%@ LANGUAGE = VBScript %>
<html>
<body bgcolor="#ffffff">
<h1>Thank you</h1>
<%
Dim objMail
Set objMail = Server.CreateObject("CDO.Message")
objMail.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
objMail.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "mail.contoso.example"
objMail.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
objMail.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpusetls") = True
objMail.Configuration.Fields.Update
objMail.From = "robot@contoso.example"
objMail.To = Request.Form("email")
objMail.Subject = "Your enquiry"
objMail.TextBody = "Dear " & Request.Form("name") & vbCrLf & "it's done."
objMail.Send
Set objMail = Nothing
%>
<p>Sent.</p>
</body></html>
