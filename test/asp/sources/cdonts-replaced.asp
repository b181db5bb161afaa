<%
Set myMail = Server.CreateObject("CDO.Message")
myMail.From = "robot@contoso.com"
myMail.To = "user@contoso.com"
myMail.Subject = "CDONTS Email"
myMail.TextBody = "This message is using CDONTS."
myMail.Send
Set myMail = Nothing
%>
sent
