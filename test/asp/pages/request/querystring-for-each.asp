<% For Each name In Request.QueryString %><%= name %>=<%= Request.QueryString(name) %> <% Next %>
<!--expect
> GET /request/querystring-for-each.asp?x=1&y=&z
= x=1 y= =z
-->
