<%
' The Pickup folder is set in the configuration of the server, e.g. c:\inetpub\mailroot\pickup
Set m = CreateObject("CDO.Message")
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 1
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverpickupdirectory") = Application("pickup")
m.Configuration.Fields.Update
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.Send
%>
