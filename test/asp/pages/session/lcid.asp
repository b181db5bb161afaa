<%= Session.LCID %> <%= 1.5 %><% Session.LCID = 1036 %> <%= 1.5 %>
<!--expect
> GET /session/lcid.asp
= 1033 1.5 1,5
> GET /session/lcid.asp
= 1036 1,5 1,5
-->
