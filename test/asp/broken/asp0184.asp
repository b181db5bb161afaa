<% Response.Cookies("") = "1" %>
<!--expect
< 500 Internal Server Error
error: Cookies object | ASP 0184 : 80004005 | Missing Cookie Name | /asp0184.asp, line 1
-->
