<% On Error Resume Next
Server.Execute "child-broken.asp"
Response.Write "never" %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript runtime | 800a000b | Division by zero | /child-broken.asp, line 2
-->
