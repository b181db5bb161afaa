<% Application.Lock : Application("m") = Application("m") + 1 %><%= Application("m") %>
<!--expect
> GET /application/lock-forgotten.asp
= 1
> GET /application/lock-forgotten.asp
= 2
-->
