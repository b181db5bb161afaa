<% On Error Resume Next : Response.LCID = 99 : Response.Write Left(Err.Description, 25) %>
<!--expect
= 006~ASP 0219~Invalid LCID
-->
