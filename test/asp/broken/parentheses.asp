<% foo(1, 2) %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript compilation | 800a0414 | Cannot use parentheses when calling a Sub | /parentheses.asp, line 1
-->
