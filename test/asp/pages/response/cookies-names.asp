<% On Error Resume Next : Response.Cookies("") = 1 : Response.Write Left(Err.Description, 12) : Err.Clear : Response.Cookies("a")("") = 1 : Response.Write Left(Err.Description, 12) : Err.Clear : Response.Cookies("ASPSESSIONIDX") = 1 : Response.Write Left(Err.Description, 12) %>
<!--expect
= 006~ASP 0184006~ASP 0183006~ASP 0162
-->
