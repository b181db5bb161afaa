<% Response.Buffer = False : Response.Write "a" : Response.Write Response.Buffer %>
<!--expect
= aFalse
-->
