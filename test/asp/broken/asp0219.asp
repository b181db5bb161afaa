<%@ LCID=5 %>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0219 | Invalid LCID | /asp0219.asp, line 1
-->
