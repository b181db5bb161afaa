<%
Set jm = Server.CreateObject("JMail.Message")
jm.From = "a@contoso.example"
jm.AddRecipient Request("to")
jm.MailServerUserName = Application("user")
jm.MailServerPassWord = Application("password")
jm.Send Application("server")
%>
