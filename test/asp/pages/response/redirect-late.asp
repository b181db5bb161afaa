<% Response.Write "x" : Response.Flush : On Error Resume Next : Response.Redirect "/y" : Response.Write Left(Err.Description, 12) %>
<!--expect
< 200 OK
= x006~ASP 0156
-->
