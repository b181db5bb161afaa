<%= Request.ServerVariables("HTTP_REFERER") %>|<%= Request.ServerVariables("http_user_agent") %>|<%= Request.ServerVariables("HTTP_X_TWO") %>|<%= Request.ServerVariables("HEADER_X-Two") %>|<%= Request.ServerVariables("HTTP_HOST") %>
<!--expect
> GET /request/server-variables-http.asp
> Referer: http://a.example.test/
> User-Agent: Mozilla/5.0
> X-Two: 1
> X-Two: 2
= http://a.example.test/|Mozilla/5.0|1,2|1,2|www.example.test
-->
