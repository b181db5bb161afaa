<%@ Language=VBScript CodePage=1252 %>
<% Session.LCID = 1033 %>
<%
Dim myMail
Set myMail = CreateObject("CDO.Message")
myMail.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
myMail.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "mail.contoso.example"
myMail.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
myMail.From = "robot@contoso.example"
myMail.To = "desk@contoso.example"
myMail.Subject = "Password reset"
myMail.TextBody = "Dear " & Request.Form("name") & vbCrLf & "it's done."
myMail.Send
Set myMail = Nothing
%>
<p>Sent.</p>
</body></html>
