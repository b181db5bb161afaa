<% On Error Resume Next : Response.AppendToLog "a,b" : Response.Write Left(Err.Description, 30) %>
<!--expect
log:
= 006~ASP 0163~Invalid Comma Use
-->
