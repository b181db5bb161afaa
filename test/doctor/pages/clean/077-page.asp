<%
Dim key, body
For Each key In Request.Form
  body = body & key & ": " & Request.Form(key) & vbCrLf
Next
With CreateObject("CDO.Message")
  .From = "form@contoso.example"
  .To = "desk@contoso.example"
  .Subject = "Form"
  .TextBody = body
  .Send
End With
%>
