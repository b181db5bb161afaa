one
<!--#include file="none.inc"-->
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0126 | Include file not found | /asp0126.asp, line 2
-->
