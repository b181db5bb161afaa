<% With Response %>a<% .Write "b" %>c<% End With %>
<!--expect
= abc
-->
