<% Response.CodePage = 65001 %><%= Response.CodePage %> <%= ChrW(8364) %>
<!--expect
= 65001 €
-->
