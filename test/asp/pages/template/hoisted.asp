<%= Later() %><% Function Later() : Later = "hoisted" : End Function %>
<!--expect
= hoisted
-->
