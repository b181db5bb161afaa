<%
Const SCHEMA = "http://schemas.microsoft.com/cdo/configuration/"
Dim c, m
Set c = CreateObject("CDO.Configuration")
c.Fields(SCHEMA & "sendusing").Value = 2 c.Fields(SCHEMA & "smtpserver").Value = "relay.northwind.example"
c.Fields(SCHEMA & "smtpserverport").Value = 25
c.Fields.Update
If Request.Form("go") <> "" Then
  Set m = CreateObject("CDO.Message")
  m.Configuration = c
  m.To = Request.Form("to"): m.From = "a@contoso.example"
  m.Subject = "s"
  m.Send
  Response.Write "<b>sent</b>"
Else
%>
<form method=post><input name=to><input type=submit name=go></form>
<%
End If
%>
