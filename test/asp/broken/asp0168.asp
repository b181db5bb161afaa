a
<% Set Session("x") = Response %>
<!--expect
< 500 Internal Server Error
error: Session object | ASP 0168 : 80004005 | Disallowed object use | /asp0168.asp, line 2
-->
