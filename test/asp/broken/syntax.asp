<p>
<% x = 1
If x = Then %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript compilation | 800a03ea | Syntax error | /syntax.asp, line 3
-->
