<% x = CInt(40000) %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript runtime | 800a0006 | Overflow: 'CInt' | /overflow.asp, line 1
-->
