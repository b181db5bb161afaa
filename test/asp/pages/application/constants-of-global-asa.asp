<%= adOpenStatic %>
<!--expect
= 3
-->
