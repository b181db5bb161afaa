<!--#include file="../x.inc"-->
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0131 | Disallowed Parent Path | /asp0131.asp, line 1
-->
