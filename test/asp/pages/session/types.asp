<% If IsEmpty(Session("d")) Then
Session("d") = #1/2/2003 4:05:06 PM# : Session("c") = CCur(1.5) : Session("l") = CLng(5) : Session("n") = Null : Session("b") = True : Session("x") = 1/2 : Session("i") = 7 : Session("y") = CByte(3)
End If
For Each k In Array("d","c","l","n","b","x","i","y") : Response.Write TypeName(Session(k)) & "," : Next %><%= Session("d") %>
<!--expect
> GET /session/types.asp
= Date,Currency,Long,Null,Boolean,Double,Integer,Byte,1/2/2003 4:05:06 PM
> GET /session/types.asp
= Date,Currency,Long,Null,Boolean,Double,Integer,Byte,1/2/2003 4:05:06 PM
-->
