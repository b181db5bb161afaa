<%
Set myMail=CreateObject("CDO.Message")
myMail.Subject="CDOSYS Email"
myMail.From="robot@contoso.example"
myMail.To="user@contoso.example"
myMail.TextBody="This message is using CDOSYS."
myMail.Send
set myMail=nothing
%>
