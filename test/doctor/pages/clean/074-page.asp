<%
Function Pick(x)
  Select Case x
    Case 1 : Pick = "mail1.contoso.example"
    Case Else : Pick = "mail2.contoso.example"
  End Select
End Function
Set m = CreateObject("CDO.Message")
With m.Configuration.Fields
  .Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
  .Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = Pick(Hour(Now) Mod 2)
  .Update
End With
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.Send
%>
