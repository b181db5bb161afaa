<% Session("v") = 5 : Server.Execute "parts/session-child.asp" : Response.Write Session("v") %>
<!--expect
= 6
-->
