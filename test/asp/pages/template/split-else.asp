<% If 1 = 2 Then %>yes<% ElseIf 1 = 1 Then %>perhaps<% Else %>no<% End If %>
<!--expect
= perhaps
-->
