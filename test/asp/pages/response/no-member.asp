<% On Error Resume Next : Response.NoSuch 1 : Response.Write Err.Number & Err.Description %>
<!--expect
= 438Object doesn't support this property or method
-->
