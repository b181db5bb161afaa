' Written for CDONTS, run with CDO: members that do not exist are error 438, and the script copes.
On Error Resume Next
Set mail = CreateObject("CDO.Message")
mail.From = "old@example.test"
mail.To = "ann@example.net"
mail.Subject = "Two models"
mail.BodyFormat = 0
WScript.Echo Err.Number & " " & Err.Description
Err.Clear
mail.Body = "<p>x</p>"
If Err.Number = 438 Then
  Err.Clear
  mail.HTMLBody = "<p>x</p>"
End If
mail.Send
If Err Then WScript.Echo "not sent: " & Err.Description Else WScript.Echo "sent"
