<%@ Language=VBScript CodePage=1252 %>
<% Session.LCID = 1033 %>
<%
Dim oMsg
Set oMsg = CreateObject("CDO.Message")
oMsg.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
oMsg.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = “mx1.tailspin.example”
oMsg.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
oMsg.Configuration.Fields.Update
oMsg.From = "robot@contoso.example"
oMsg.To = "desk@contoso.example"
oMsg.Subject = "Password reset"
oMsg.TextBody = "Dear " & Request.Form("name") & vbCrLf & "it's done."
oMsg.Send
Set oMsg = Nothing
%>
<p>Sent.</p>
</body></html>
