<% Response.ExpiresAbsolute = #1/1/2000 12:00:00 PM# %><%= Year(Response.ExpiresAbsolute) %>
<!--expect
< Expires: Sat, 01 Jan 2000 12:00:00 GMT
= 2000
-->
