<%
Set objNewMail = Server.CreateObject("CDONTS.NewMail")
objNewMail.Send "a@contoso.example", "b@contoso.example", "s", "body", 1
Set objNewMail = Nothing
%>
