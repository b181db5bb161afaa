<%@ CODEPAGE=65001 %><%= Server.HTMLEncode("é<") %>
<!--expect
= é&lt;
-->
