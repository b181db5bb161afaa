<%= Session("count") %><% Session("count") = Session("count") + 1 : Session("Name") = "Ann" %>|<%= Session("COUNT") %>|<%= Session.Value("name") %>|<%= TypeName(Session("count")) %>
<!--expect
> GET /session/values.asp
= |1|Ann|Integer
> GET /session/values.asp
= 1|2|Ann|Integer
-->
