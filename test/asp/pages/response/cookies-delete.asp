<% Response.Cookies("c") = "" : Response.Cookies("c").Expires = #1/1/1990# %>
<!--expect
< Set-Cookie: c=; expires=Mon, 01 Jan 1990 00:00:00 GMT; path=/
-->
