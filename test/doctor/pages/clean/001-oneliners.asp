<%
Response.Buffer = True
Response.Expires = -1
%>
<!-- page of the shop -->
<%
Dim m
Set m = Server.CreateObject("CDO.Message")
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "mail.contoso.example"
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
m.Configuration.Fields.Update
m.From = "robot@contoso.example"
m.To = Request.Form("email")
m.Subject = "Job application"
m.TextBody = "Dear " & Request.Form("name") & vbCrLf & "it's done."
m.Send
Set m = Nothing
%>
<p>Sent.</p>
</body></html>
