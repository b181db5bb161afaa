<% If True Then %>
yes
<% Else %>
no
<% End If %>
<!--expect
= yes
-->
