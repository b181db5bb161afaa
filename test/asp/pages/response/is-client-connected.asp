<%= Response.IsClientConnected %>
<!--expect
= True
-->
