text<% On Error Resume Next : Response.Buffer = False : Response.Write Err.Description %>
<!--expect
= text006~ASP 0157~Buffering On~Buffering cannot be turned off once it is already turned on.
-->
