<%@ Language=VBScript %>
<%
' a comment first
Option Explicit
Dim a
a = 5
%>
<%= a %>
<!--expect
= 5
-->
