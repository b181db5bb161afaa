<% Set m = CreateObject("CDO.Message") : m.To = "b@example.test" : On Error Resume Next : m.Send : Response.Write Err.Number & "|" & Err.Source %>
<!--expect
= -2147220979|CDO.Message.1
-->
