<%= Session("begun") %>
<!--expect
> GET /session/on-start.asp
= /session/on-start.asp
-->
