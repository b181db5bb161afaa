<%= Request.QueryString %>|<%= Request.QueryString("a") %>|<%= Request.QueryString.Count %>|<%= Request.QueryString.Key(2) %>|<%= Request.QueryString.Item("b") %>|<%= Request.QueryString.Item(2) %>
<!--expect
> GET /request/querystring.asp?a=1&b=2&a=3
= a=1&b=2&a=3|1, 3|2|b|2|2
-->
