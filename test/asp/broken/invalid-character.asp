<% x = 1 ? 2 %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript compilation | 800a0408 | Invalid character | /invalid-character.asp, line 1
-->
