<% Response.CacheControl = "no-cache" %><%= Response.CacheControl %>
<!--expect
< Cache-Control: no-cache
= no-cache
-->
