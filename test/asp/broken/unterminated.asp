<%
x = "abc
%>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript compilation | 800a0409 | Unterminated string constant | /unterminated.asp, line 2
-->
