<html><body>
<form method="post" action="mail.asp">
<input name="email" value="<%= Server.HTMLEncode(Request("email")) %>">
</form>
<%
Dim cfg, flds, msg
Set cfg = Server.CreateObject("CDO.Configuration")
Set flds = cfg.Fields
With flds
    .Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "smtp.fabrikam.example"
    .Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
    .Update
End With
Set msg = Server.CreateObject("CDO.Message")
With msg
    Set .Configuration = cfg
    .To = Request("to")
    .From = "web@contoso.example"
    .Subject = "x"
    .TextBody = "y"
    .Send
End With
Set msg = Nothing : Set cfg = Nothing
%>
