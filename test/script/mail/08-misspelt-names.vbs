' No Option Explicit: names that nobody set read as Empty and the message goes all the same.
name = "Ann"
body = "Dear " & naem & "," & crlf & "your order " & orderNumber & " is on its way." & vbCrLf
If conut = 0 Then body = body & "Nothing is due." & vbCrLf
If sendCopy = Ture Then body = body & "No copy." & vbCrLf
Set mail = CreateObject("CDO.Message")
mail.To = "ann@example.net"
mail.From = "orders@example.test"
mail.Subject = "Order " & orderNumber & "of " & name
mail.TextBody = body
mail.CC = ccAddress
mail.Send
Set mail = Nothings
