<!--#include file="none.inc"
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0127 | Missing close of HTML comment | /asp0127.asp, line 1
-->
