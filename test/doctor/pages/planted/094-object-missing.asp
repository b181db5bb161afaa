<%
Dim kind : kind = "CDONTS.NewMail"
Dim m : Set m = Server.CreateObject(kind)
m.To = "a@contoso.example"
m.Send
%>
