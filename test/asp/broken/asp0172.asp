<%
p = Server.MapPath("C:\x") %>
<!--expect
< 500 Internal Server Error
error: Server.MapPath() | ASP 0172 : 80004005 | Invalid Path | /asp0172.asp, line 2
-->
