<% On Error Resume Next : Response.Status = "gone" : Response.Write Err.Number & Response.Status %>
<!--expect
< 200 OK
= 5200 OK
-->
