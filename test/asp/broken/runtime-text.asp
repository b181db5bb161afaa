<% ExecuteGlobal "x = " %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript compilation | 800a03ea | Syntax error | /runtime-text.asp, line 1
-->
