<% If Request.Form("n") = 1 Then %>one<% Else %>other<% End If %> <% Select Case Request.Form("n") : Case 1 : Response.Write "case" : Case Else : Response.Write "else" : End Select %>
<!--expect
> POST /request/form-number-literal.asp
> body: n=1
= one case
-->
