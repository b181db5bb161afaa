kept <% Server.Transfer "parts/target.asp" : Response.Write "never" %>
<!--expect
> POST /server/transfer.asp?q=1
> body: f=2
= kept target 1 2
-->
