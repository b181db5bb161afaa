a
b
<% x.Send %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript runtime | 800a01a8 | Object required: 'x' | /object-required.asp, line 3
-->
