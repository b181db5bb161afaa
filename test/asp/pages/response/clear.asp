lost<% Response.Clear %>kept
<!--expect
= kept
-->
