<% Class C : Public V : End Class
If Not IsObject(Session("o")) Then
Set o = New C : o.V = 5 : Set Session("o") = o : Response.Write Session("o").V
Else
On Error Resume Next : Response.Write Session("o").V : Response.Write Err.Number
End If %>
<!--expect
> GET /session/class-instance-dies.asp
= 5
> GET /session/class-instance-dies.asp
= 438
-->
