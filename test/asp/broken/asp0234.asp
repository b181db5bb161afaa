<script runat=server>
<!--#include file="a"--></script>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0234 | Invalid include directive | /asp0234.asp, line 2
-->
