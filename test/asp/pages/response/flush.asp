one<% Response.Flush %>two<% Response.Clear %>three
<!--expect
= onethree
-->
