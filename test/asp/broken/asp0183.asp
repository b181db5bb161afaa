<% Response.Cookies("a")("") = "1" %>
<!--expect
< 500 Internal Server Error
error: Cookies object | ASP 0183 : 80004005 | Empty Cookie Key | /asp0183.asp, line 1
-->
