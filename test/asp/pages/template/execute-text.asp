<% Execute "x = 6 * 7" %><%= x %> <%= Eval("x + 1") %>
<!--expect
= 42 43
-->
