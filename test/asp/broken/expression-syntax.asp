a
<%= 1 + %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript compilation | 800a03ea | Syntax error | /expression-syntax.asp, line 2
-->
