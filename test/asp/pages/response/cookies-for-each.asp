<% Response.Cookies("a") = 1 : Response.Cookies("b") = 2 : For Each c In Response.Cookies : Response.Write c & ";" : Next %>
<!--expect
= a;b;
-->
