<object runat="server" progid="CDONTS.NewMail" id="mailer"></object>
<%
mailer.From = "a@contoso.example"
mailer.To = "b@contoso.example"
mailer.Send
%>
