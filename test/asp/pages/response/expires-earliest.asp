<% Response.ExpiresAbsolute = #1/1/2001# : Response.ExpiresAbsolute = #1/1/2000# : Response.ExpiresAbsolute = #1/1/2002# %><%= Year(Response.ExpiresAbsolute) %>
<!--expect
= 2000
-->
