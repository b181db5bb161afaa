<%@ Language="VBScript %>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0125 | Missing close of attribute | /asp0125.asp, line 1
-->
