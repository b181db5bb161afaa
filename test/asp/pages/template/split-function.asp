<% Function Twice(x)
%>(<%= x %>)<%
Twice = x * 2
End Function %><%= Twice(4) %>
<!--expect
= (4)8
-->
