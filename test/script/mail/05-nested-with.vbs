' With in With: the inner dot belongs to the inner object.
schema = "http://schemas.microsoft.com/cdo/configuration/"
Set conf = CreateObject("CDO.Configuration")
With CreateObject("CDO.Message")
  Set .Configuration = conf
  With .Configuration.Fields
    .Item(schema & "sendusing") = 2
    .Item(schema & "smtpserver") = "mail.example.test"
    .Item(schema & "smtpserverport") = 2525
    .Update
  End With
  .To = "ann@example.net"
  .From = "nested@example.test"
  .Subject = "Nested"
  .HTMLBody = "<html><body><p>Hello <b>there</b></p></body></html>"
  .Send
End With
