' Umlauts, euro and Cyrillic, in UTF-8.
Set m = CreateObject("CDO.Message")
m.BodyPart.Charset = "utf-8"
m.From = "J" & ChrW(252) & "rgen <juergen@example.test>"
m.To = "ann@example.net"
m.Subject = "Gr" & ChrW(252) & ChrW(223) & "e " & ChrW(1080) & ChrW(1079)
m.TextBody = "Preis: 5 " & ChrW(8364) & vbCrLf
m.TextBodyPart.Charset = "utf-8"
m.Send
