a
<% Set Application("x") = Request %>
<!--expect
< 500 Internal Server Error
error: Application object | ASP 0180 : 80004005 | Disallowed object use | /asp0180.asp, line 2
-->
