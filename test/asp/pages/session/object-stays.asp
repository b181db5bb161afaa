<% If Not IsObject(Session("m")) Then
Set m = CreateObject("CDO.Message") : m.Subject = "kept" : Set Session("m") = m
Else
Response.Write Session("m").Subject
End If %>
<!--expect
> GET /session/object-stays.asp
> GET /session/object-stays.asp
= kept
-->
