before<% Response.End %>after
<!--expect
= before
-->
