<%= Request.QueryString(1) %>
<!--expect
< 500 Internal Server Error
error: Request object | ASP 0105 : 80004005 | Index out of range | /asp0105.asp, line 1
-->
