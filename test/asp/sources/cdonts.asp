<%
Set myMail = Server.CreateObject("CDONTS.NewMail")
myMail.Send "robot@contoso.com", "user@contoso.com", "CDONTS Email", "This message is using CDONTS."
Set myMail = Nothing
%>
sent
