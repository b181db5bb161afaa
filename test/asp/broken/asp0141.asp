<%@ Language=VBScript %>
<%@ LCID=1033 %>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0141 | Page Command Repeated | /asp0141.asp, line 2
-->
