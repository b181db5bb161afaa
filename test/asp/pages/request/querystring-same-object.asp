<%= Request.QueryString("a") Is Request.QueryString("A") %>
<!--expect
> GET /request/querystring-same-object.asp?a=1
= True
-->
