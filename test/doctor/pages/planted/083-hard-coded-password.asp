<%
Set jm = Server.CreateObject("JMail.Message")
jm.From = "a@contoso.example"
jm.AddRecipient Request("to")
jm.MailServerUserName = "robot"
jm.MailServerPassWord = "geheim"
jm.Send "mail.contoso.example"
%>
