<% Application.Lock : Application("n") = Application("n") + 1 : Application.Unlock : Application.Unlock %><%= Application("n") %>
<!--expect
> GET /application/lock.asp
= 1
> GET /application/lock.asp
= 2
-->
