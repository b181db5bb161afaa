' The bare minimum: no configuration, the local mail service takes the message.
Set m = CreateObject("CDO.Message")
m.From = "web@example.test"
m.To = "ann@example.net"
m.Subject = "It works"
m.TextBody = "Sent at " & Now
m.Send
Set m = Nothing
WScript.Echo "sent"
