<script runat=server>
<% x %></script>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0138 | Nested Script Block | /asp0138.asp, line 2
-->
