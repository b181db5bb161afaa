<%= Server.URLPathEncode("/a b/c%d?x=a b") %>
<!--expect
= /a%20b/c%d?x=a b
-->
