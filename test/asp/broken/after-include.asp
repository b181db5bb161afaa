<!--#include file="inc/long.inc"-->
<% x = 1 / 0 %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript runtime | 800a000b | Division by zero | /after-include.asp, line 2
-->
