<% Response.Status = "404 Not Found" %><%= Response.Status %>
<!--expect
< 404 Not Found
= 404 Not Found
-->
