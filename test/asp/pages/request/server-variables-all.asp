<% t = Request.ServerVariables("ALL_HTTP") %><%= InStr(t, "HTTP_X_A:1") > 0 %> <%= InStr(Request.ServerVariables("ALL_RAW"), "X-A: 1") > 0 %> <%= Request.ServerVariables.Count > 40 %> <%= Request.ServerVariables.Key(1) %>
<!--expect
> GET /request/server-variables-all.asp
> X-A: 1
= True True True ALL_HTTP
-->
