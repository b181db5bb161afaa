a<% Server.Execute "parts/end.asp" %>b
<!--expect
= ae
-->
