<% On Error Resume Next
x = CInt("abc")
Response.Write Err.Number & " " & Err.Description %>
<!--expect
= 13 Type mismatch
-->
