<%= Application("started") %> <%= Application("root") %><% Application("v") = "x" : Application("V") = Application("v") & "y" %> <%= Application.Value("v") %>
<!--expect
= yes C:\inetpub\wwwroot xy
-->
