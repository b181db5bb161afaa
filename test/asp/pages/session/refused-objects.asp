<% On Error Resume Next : Set Session("r") = Response : Response.Write Mid(Err.Description, 5, 8) : Err.Clear : Set Session("b") = Basket : Response.Write Mid(Err.Description, 5, 8) %>
<!--expect
= ASP 0168ASP 0188
-->
