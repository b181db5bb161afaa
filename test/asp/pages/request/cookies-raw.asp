<%= Request.ServerVariables("HTTP_COOKIE") %>
<!--expect
> GET /request/cookies-raw.asp
> Cookie: a=1; b=2
= a=1; b=2
-->
