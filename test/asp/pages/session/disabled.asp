<%@ ENABLESESSIONSTATE=False %><% On Error Resume Next : x = Session("a") : Response.Write Err.Description %>
<!--expect
= 006~ASP 0166~Uninitialized Object~An attempt was made to access an uninitialized object.
-->
