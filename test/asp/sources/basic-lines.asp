<%
Set myMail=CreateObject("CDO.Message")
myMail.Subject="CDOSYS Email"
myMail.From="robot@contoso.com"
myMail.To="user@contoso.com"
myMail.TextBody="This message is using CDOSYS."
myMail.Send
set myMail=nothing
%>
sent
