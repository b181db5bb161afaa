before <% x = 1 : Server.Execute "parts/child.asp" %> after <%= x %>
<!--expect
= before [child  /server/execute.asp] after 1
-->
