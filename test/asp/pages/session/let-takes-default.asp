<% Session("q") = Request.QueryString("a") : Response.Write TypeName(Session("q")) : On Error Resume Next : Session("d") = CreateObject("Scripting.Dictionary") : Response.Write Mid(Err.Description, 5, 8) %>
<!--expect
> GET /session/let-takes-default.asp?a=1
= StringASP 0185
-->
