<% Sub Stopp : Response.Write "x" : Response.End : End Sub
On Error Resume Next
Stopp
Response.Write "never" %>
<!--expect
= x
-->
