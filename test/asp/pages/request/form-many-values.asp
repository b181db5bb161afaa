<%= Request.Form("a") %>|<%= Request.Form("a")(2) %>|<%= Request.Form("a").Count %>|<% For Each v In Request.Form("a") %>[<%= v %>]<% Next %>
<!--expect
> POST /request/form-many-values.asp
> body: a=1&a=2&b=x&a=3
= 1, 2, 3|2|3|[1][2][3]
-->
