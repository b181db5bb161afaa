<% If IsEmpty(Session("a")) Then
Dim m(1, 1) : m(1, 0) = "z" : Session("a") = Array(1, "two", Array(3)) : Session("m") = m
Else
a = Session("a") : m2 = Session("m") : Response.Write a(1) & a(2)(0) & m2(1, 0) & UBound(a)
End If %>
<!--expect
> GET /session/arrays.asp
> GET /session/arrays.asp
= two3z2
-->
