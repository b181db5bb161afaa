<%
Sub Configure(fields)
  With fields
    .Item("https://schemas.microsoft.com/cdo/configuration/sendusing") = 2
    .Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "relay.northwind.example"
    .Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
    .Update
  End With
End Sub

Sub SendMail(recipient, subject, body)
  Dim m
  Set m = Server.CreateObject("CDO.Message")
  Configure m.Configuration.Fields
  m.From = "shop@contoso.example"
  m.To = recipient
  m.Subject = subject
  m.HTMLBody = body
  On Error Resume Next
  m.Send
  If Err.Number <> 0 Then Response.Write Server.HTMLEncode(Err.Description)
  On Error GoTo 0
  Set m = Nothing
End Sub

SendMail Request("to"), "Hello", "<p>Hi</p>"
%>
