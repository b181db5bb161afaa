<% Counter("n") = Counter("n") + 1 %><%= Application.StaticObjects("Counter")("n") %> <%= Application.StaticObjects.Key(1) %> <%= Application.StaticObjects.Count %><% On Error Resume Next : Set Application.StaticObjects("Counter") = Nothing : Response.Write Mid(Err.Description, 5, 8) %>
<!--expect
= 1 Counter 1ASP 0226
-->
