<% Response.AppendToLog "order 5" : Response.AppendToLog " done" %>
<!--expect
log: order 5 done
-->
