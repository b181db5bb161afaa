<% x = 1 ' a comment %>after <%= x %>
<!--expect
= after 1
-->
