<%@ CODEPAGE=65001 %><% Response.Charset = "utf-8" %>€ <%= ChrW(8364) %>
<!--expect
< Content-Type: text/html; Charset=utf-8
= € €
-->
