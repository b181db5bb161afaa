<!--#include path="none.inc"-->
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0128 | Missing File or Virtual attribute | /asp0128.asp, line 1
-->
