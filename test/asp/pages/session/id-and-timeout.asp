<%= Session.SessionID > 0 %> <%= Session.Timeout %><% Session.Timeout = 5 %> <%= Session.Timeout %>
<!--expect
> GET /session/id-and-timeout.asp
= True 20 5
> GET /session/id-and-timeout.asp
= True 5 5
-->
