<% Response.Flush : On Error Resume Next : Response.AddHeader "X", "1" : Response.Write Left(Err.Description, 12) : Response.Write Err.Source %>
<!--expect
= 006~ASP 0156Response object
-->
