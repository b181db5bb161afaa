<% On Error Resume Next : Response.Write Array(1) : Response.Write Err.Number %>
<!--expect
= 13
-->
