<%@ Colour=Red %>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0221 | Invalid @ Command directive | /asp0221.asp, line 1
-->
