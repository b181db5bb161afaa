<!--#include file="inc/bad-runtime.inc"-->
<% Bad %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript runtime | 800a000b | Division by zero | /inc/bad-runtime.inc, line 5
-->
