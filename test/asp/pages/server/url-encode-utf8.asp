<%@ CODEPAGE=65001 %><%= Server.URLEncode("ü €") %>
<!--expect
= %C3%BC+%E2%82%AC
-->
