<% If Not IsObject(Session("d")) Then
Set d = CreateObject("Scripting.Dictionary") : d.CompareMode = 1 : d("A") = 1 : Set Session("d") = d
Else
Set d = Session("d") : d("a") = d("a") + 1 : Response.Write d("A") & d.Count & (d Is Session("d"))
End If %>
<!--expect
> GET /session/dictionary.asp
> GET /session/dictionary.asp
= 21True
> GET /session/dictionary.asp
= 31True
-->
