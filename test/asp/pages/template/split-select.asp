<% Select Case 2 %>
<% Case 1 %>one<% Case 2 %>two<% Case Else %>many<% End Select %>
<!--expect
= two
-->
