<% Response.Buffer = False : On Error Resume Next : Response.Clear : Response.Write Err.Description : Err.Clear : Response.Flush : Response.Write Err.Number %>
<!--expect
= 006~ASP 0159~Buffering Off~Buffering must be on.-2147467259
-->
