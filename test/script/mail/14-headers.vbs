' Importance, own header lines, receipts, Reply-To and Sender.
Const cdoDSNSuccessFailOrDelay = 14
Set m = CreateObject("CDO.Message")
m.From = "boss@example.test"
m.Sender = "assistant@example.test"
m.ReplyTo = "office@example.test"
m.To = "ann@example.net"
m.Subject = "Important"
m.TextBody = "Read this."
m.DSNOptions = cdoDSNSuccessFailOrDelay
m.MDNRequested = True
With m.Fields
  .Item("urn:schemas:httpmail:importance") = 2
  .Item("urn:schemas:mailheader:X-Priority") = 1
  .Item("urn:schemas:mailheader:X-Source") = "script"
  .Update
End With
m.Send
