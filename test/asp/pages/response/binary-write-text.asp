<% Response.BinaryWrite ChrB(65) & ChrB(66) %>
<!--expect
= AB
-->
