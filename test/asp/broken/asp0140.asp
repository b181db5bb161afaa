<% x = 1 %>
<%@ Language=VBScript %>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0140 | Page Command Out Of Order | /asp0140.asp, line 2
-->
