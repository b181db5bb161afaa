<% On Error Resume Next : Set x = Server.CreateObject("No.Such.Class") : Response.Write Err.Number & "|" & Err.Description & "|" & Err.Source
Err.Clear : Set x = CreateObject("No.Such.Class") : Response.Write "|" & Err.Number %>
<!--expect
= -2147221005|006~ASP 0177~Server.CreateObject Failed~800401f3|Server object|429
-->
