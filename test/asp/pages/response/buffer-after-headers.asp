<% Response.Buffer = False %>text<% On Error Resume Next : Response.Buffer = True : Response.Write Err.Description %>
<!--expect
= text006~ASP 0156~Header Error~The HTTP headers are already written to the client browser. Any HTTP header modifications must be made before writing page content.
-->
