<%@ Language=VBScript CodePage=1252 %>
<% Session.LCID = 1033 %>
<%
Dim m
Set m = Server.CreateObject("CDO.Message")
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "smtp.fabrikam.example"
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
m.Configuration.Fields.Update
m.From = "robot@contoso.example"
m.To = Request.Form("email")
m.Subject = "Reminder"
m.TextBody = "Dear " & Request.Form("name") & vbCrLf & "it's done."
m.Send
Set m = Nothing
%>
<p>Sent.</p>
</body></html>
