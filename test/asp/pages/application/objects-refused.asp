<% On Error Resume Next : Set Application("d") = CreateObject("Scripting.Dictionary") : Response.Write Err.Description & ";" : Err.Clear
Class C : End Class
Set Application("c") = New C : Response.Write Mid(Err.Description, 5, 8) : Err.Clear : Application("a") = Array(New C) : Response.Write Mid(Err.Description, 5, 8) %>
<!--expect
= 006~ASP 0197~Disallowed object use~Cannot add object with apartment model behavior to the application intrinsic object.;ASP 0197ASP 0197
-->
