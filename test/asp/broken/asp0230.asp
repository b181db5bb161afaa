a
<% Server.Transfer "none.asp" %>
<!--expect
< 500 Internal Server Error
error: Server object | ASP 0230 : 80004005 | Server.Transfer Error | /asp0230.asp, line 2
-->
