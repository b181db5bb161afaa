<% Response.Cookies("a").Expires = #1/1/1960# %>
<!--expect
< 500 Internal Server Error
error: Cookies object | ASP 0200 : 80004005 | Out of Range 'Expires' attribute | /asp0200.asp, line 1
-->
