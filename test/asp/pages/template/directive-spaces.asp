<% @ Language = VBScript %><%= "ok" %>
<!--expect
= ok
-->
