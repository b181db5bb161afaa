<% End If %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript compilation | 800a0400 | Expected statement | /expected-statement.asp, line 1
-->
