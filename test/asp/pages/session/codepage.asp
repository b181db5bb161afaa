<%= Session.CodePage %><% Session.CodePage = 65001 %> <%= Session.CodePage %> <%= ChrW(8364) %>
<!--expect
> GET /session/codepage.asp
= 1252 65001 €
> GET /session/codepage.asp
= 65001 65001 €
-->
