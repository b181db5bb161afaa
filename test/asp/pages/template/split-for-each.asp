<% For Each x In Array("p", "q") %><%= x %>;<% Next %>
<!--expect
= p;q;
-->
