<% On Error Resume Next : Response.Redirect "" : Response.Write Err.Description %>
<!--expect
= 006~ASP 0158~Missing URL~A URL is required.
-->
