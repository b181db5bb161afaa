<%@ LANGUAGE="VBSCRIPT" CODEPAGE="65001" LCID=1033 ENABLESESSIONSTATE=False TRANSACTION=Not_Supported %>
<% Option Explicit %>
<%= "ü" %>
<!--expect
= ü
-->
