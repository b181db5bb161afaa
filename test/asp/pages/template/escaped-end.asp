<% Response.Write "100%\>" %>
<!--expect
= 100%>
-->
