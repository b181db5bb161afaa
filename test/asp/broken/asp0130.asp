<!--#include file="/inc/long.inc"-->
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0130 | Invalid File attribute | /asp0130.asp, line 1
-->
