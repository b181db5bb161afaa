<% Session("a") = Array(1) : a = Session("a") : a(0) = 2 : b = Session("a") : Response.Write b(0) %>
<!--expect
= 1
-->
