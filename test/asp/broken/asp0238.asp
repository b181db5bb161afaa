<%@ Language= %>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0238 | Missing attribute value | /asp0238.asp, line 1
-->
