<% p = Server.MapPath("..") %>
<!--expect
< 500 Internal Server Error
error: Server.MapPath() | ASP 0175 : 80004005 | Disallowed Path Characters | /asp0175.asp, line 1
-->
