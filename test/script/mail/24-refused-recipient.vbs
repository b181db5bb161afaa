' The server refuses one recipient: nobody gets the message, and the script says what happened.
On Error Resume Next
Set m = CreateObject("CDO.Message")
With m.Configuration.Fields
  .Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
  .Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "mail.example.test"
  .Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 2525
  .Update
End With
m.From = "web@example.test"
m.To = "reject-550-5.1.1@example.net"
m.Subject = "Refused"
m.TextBody = "x"
m.Send
If Err.Number <> 0 Then WScript.Echo Hex(Err.Number) & " " & Err.Source
Err.Clear
m.To = "ann@example.net"
m.Subject = "Accepted"
m.Send
WScript.Echo Err.Number
