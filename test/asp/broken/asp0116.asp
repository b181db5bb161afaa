text
<% x = 1
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0116 | Missing close of script delimiter | /asp0116.asp, line 2
-->
