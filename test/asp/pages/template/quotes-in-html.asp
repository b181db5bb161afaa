He said "hi" & 'bye'
<%= "q""q" %>
<!--expect
= He said "hi" & 'bye'
= q"q
-->
