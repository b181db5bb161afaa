<%
Set s = CreateObject("ADODB.Stream")
s.Open
s.LoadFromFile Server.MapPath("mail.eml")
Set m = CreateObject("CDO.Message")
m.DataSource.OpenObject s, "_Stream"
m.Send
%>
