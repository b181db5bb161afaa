<% Response.Write 1/3 : Response.Write " " : Response.Write CCur(1.5) : Response.Write " " : Response.Write 1E20 : Response.Write " " : Response.Write CByte(7) %>
<!--expect
= 0.333333333333333 1.5 1E+20 7
-->
