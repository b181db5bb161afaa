<% Class T
Private Sub Class_Terminate : Response.Write "bye " : End Sub
End Class
Set t1 = New T
Set t1 = Nothing
Response.Write "after " %>
<!--expect
= bye after
-->
