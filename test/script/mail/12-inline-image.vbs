' A picture inside the text.
Const cdoRefTypeId = 0
Set msg = CreateObject("CDO.Message")
msg.From = "news@example.test"
msg.To = "ann@example.net"
msg.Subject = "Picture"
msg.MimeFormatted = True
msg.HTMLBody = "<html><body><img src=""cid:logo.gif""><p>Look.</p></body></html>"
Set bp = msg.AddRelatedBodyPart("C:\jobs\logo.gif", "logo.gif", cdoRefTypeId)
bp.Fields.Item("urn:schemas:mailheader:Content-ID") = "<logo.gif>"
bp.Fields.Update
msg.Send
