<%@ CODEPAGE=65001 %><%= Request.QueryString("t") %>
<!--expect
> GET /request/form-utf16-escape.asp?t=%u20AC5
= €5
-->
