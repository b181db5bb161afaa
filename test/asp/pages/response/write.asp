<% Response.Write "text" : Response.Write 12.5 : Response.Write True : Response.Write Null : Response.Write Empty : Response.Write #1/2/2003# : Response.Write ("in") & (" one") %>
<!--expect
= text12.5True1/2/2003in one
-->
