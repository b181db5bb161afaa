<% Option Explicit
Dim a
b = 1 %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript runtime | 800a01f4 | Variable is undefined: 'b' | /undefined.asp, line 3
-->
