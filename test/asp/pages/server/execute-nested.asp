<% Server.Execute "parts/outer.asp" %>
<!--expect
= <(inner)>
-->
