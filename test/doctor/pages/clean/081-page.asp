<%
Set ml = Server.CreateObject("Persits.MailSender")
ml.Host = "mail.contoso.example"
ml.From = "a@contoso.example"
ml.AddAddress Request("to")
ml.Subject = "s"
ml.Send
%>
