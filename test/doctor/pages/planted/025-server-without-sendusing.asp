<%
Response.Buffer = True
Response.Expires = -1
%>
<!-- page of the shop -->
<%
Dim oMsg
Set oMsg = CreateObject("CDO.Message")
oMsg.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "mail.contoso.example"
oMsg.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
oMsg.Configuration.Fields.Update
oMsg.From = "robot@contoso.example"
oMsg.To = "desk@contoso.example"
oMsg.Subject = "Weekly report"
oMsg.TextBody = "Dear " & Request.Form("name") & vbCrLf & "it's done."
oMsg.Send
Set oMsg = Nothing
%>
<p>Sent.</p>
</body></html>
