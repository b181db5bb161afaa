<% On Error Resume Next : Response.CodePage = 4711 : Response.Write Err.Description %>
<!--expect
= 006~ASP 0204~Invalid CodePage Value~An invalid CodePage value was specified.
-->
