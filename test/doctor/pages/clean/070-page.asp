<%
Set m = Server.CreateObject("CDO.Message")
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = Request.ServerVariables("LOCAL_ADDR")
If Application("tls") Then
  m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpusessl") = True
Else
  m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpusessl") = False
End If
m.Configuration.Fields.Update
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.Send
%>
