<%@ TRANSACTION=Maybe %>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0209 | Illegal value for TRANSACTION property | /asp0209.asp, line 1
-->
