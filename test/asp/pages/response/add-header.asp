<% Response.AddHeader "X-One", "1" : Response.AddHeader "X-One", 2 %>
<!--expect
< X-One: 1
< X-One: 2
-->
