a
b
<% Set x = Server.CreateObject("No.Such") %>
<!--expect
< 500 Internal Server Error
error: Server object | ASP 0177 : 800401f3 | Server.CreateObject Failed | /asp0177.asp, line 3
-->
