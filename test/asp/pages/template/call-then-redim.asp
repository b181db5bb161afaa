<% ReDim a(2) : a(0) = "x" : ReDim Preserve a(3) %><%= UBound(a) & a(0) %>
<!--expect
= 3x
-->
