<script runat=server language=vbscript>Response.Write "block "</script><% Response.Write "inline " %>
<!--expect
= inline
= block
-->
