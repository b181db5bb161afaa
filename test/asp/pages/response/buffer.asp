<%= Response.Buffer %><% Response.Buffer = True %>
<!--expect
= True
-->
