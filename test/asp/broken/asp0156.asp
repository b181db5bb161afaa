<% Response.Flush
Response.Redirect "x" %>
<!--expect
< 200 OK
error: Response object | ASP 0156 : 80004005 | Header Error | /asp0156.asp, line 2
-->
