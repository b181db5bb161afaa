[<%= Request.ClientCertificate("Subject") %>] <%= Request.ClientCertificate.Count %> <% For Each k In Request.ClientCertificate %><%= k %><% Next %>
<!--expect
= [] 0
-->
