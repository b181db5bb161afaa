<% Response.Write Request.QueryString("a") : Response.Write Err %>
<!--expect
> GET /response/write-object-default.asp?a=v
= v0
-->
