<% Option Explicit
Dim a
Dim a %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript compilation | 800a0411 | Name redefined | /name-redefined.asp, line 3
-->
