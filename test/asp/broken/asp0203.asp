<%@ CODEPAGE=99 %>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0203 | Invalid Code Page | /asp0203.asp, line 1
-->
