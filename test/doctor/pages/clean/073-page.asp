<%
Set m = CreateObject("cdo.message")
m.from = "a@contoso.example"
m.TO = "b@contoso.example"
m.subject = "case of members does not matter"
m.send
%>
