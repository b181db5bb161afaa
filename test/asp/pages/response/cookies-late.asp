<% Response.Flush : On Error Resume Next : Response.Cookies("a") = 1 : Response.Write Left(Err.Description, 12) %>
<!--expect
= 006~ASP 0156
-->
