<%= CStr(Null) %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript runtime | 800a005e | Invalid use of Null: 'CStr' | /null-use.asp, line 1
-->
