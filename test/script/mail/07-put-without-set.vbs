' The configuration is assigned without Set, and nobody calls Update.
Set conf = CreateObject("CDO.Configuration")
conf("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
conf("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "mail.example.test"
conf("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 2525
Set mail = CreateObject("cdo.MESSAGE.1")
mail.configuration = conf
mail.to = "ann@example.net"
mail.from = "put@example.test"
mail.subject = "Without Set"
mail.textbody = "x"
call mail.send()
