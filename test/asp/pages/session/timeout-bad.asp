<% On Error Resume Next : Session.Timeout = 0 : Response.Write Err.Description %>
<!--expect
= 006~ASP 0164~Invalid TimeOut Value~An invalid TimeOut value was specified.
-->
