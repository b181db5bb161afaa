<%=
  "one" & _
  "two"
%>
<!--expect
= onetwo
-->
