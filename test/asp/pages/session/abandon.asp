<% If Session("v") = "" Then : Session("v") = "x" : Response.Write "new" : Else : Session.Abandon : Response.Write Session("v") : End If %>
<!--expect
> GET /session/abandon.asp
= new
> GET /session/abandon.asp
= x
> GET /session/abandon.asp
= new
-->
