<% Response.Expires = -1 %><%= Response.Expires %>
<!--expect
= -1
-->
