<% n = 0
Do While n < 2 %>
<i><%= n %></i>
<% n = n + 1
Loop %>
<!--expect
= <i>0</i>
= <i>1</i>
-->
