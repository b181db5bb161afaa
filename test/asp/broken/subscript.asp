<% Dim a(2)
a(5) = 1 %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript runtime | 800a0009 | Subscript out of range: '[number: 5]' | /subscript.asp, line 2
-->
