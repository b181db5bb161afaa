<%@ CODEPAGE=65001 %><%= Request.Form("t") %>|<%= Request.Form("u") %>|<%= Request.Form("p") %>
<!--expect
> POST /request/form-decoding.asp
> body: t=a+b%2Bc%26d&u=%C3%BC%E2%82%AC&p=100%25+%zz
= a b+c&d|ü€|100% %zz
-->
