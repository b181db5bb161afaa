<!--#include file="parts/library.inc"-->
<%= Add(2, 3) %>
<!--expect
= 5
-->
