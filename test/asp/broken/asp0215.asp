<%@ ENABLESESSIONSTATE=Perhaps %>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0215 | Illegal value for ENABLESESSIONSTATE property | /asp0215.asp, line 1
-->
