' CDONTS property by property: HTML, extra header lines, an attachment.
Dim objMail
Set objMail = CreateObject("CDONTS.NewMail")
objMail.From = "web@example.test"
objMail.To = "ann@example.net"
objMail.Cc = "bob@example.net"
objMail.Bcc = "hidden@example.net"
objMail.Subject = "HTML by CDONTS"
objMail.BodyFormat = 0
objMail.MailFormat = 0
objMail.Value("Reply-To") = "reply@example.test"
objMail("X-Order") = "17"
objMail.Body = "<h1>Order 17</h1>"
objMail.AttachFile "C:\jobs\report.txt", "order17.txt", 1
objMail.Send
Set objMail = Nothing
