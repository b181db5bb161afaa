<% Set f = Request.Form : Response.Write f("a") & f.Item("a") & f(1) %>
<!--expect
> POST /request/default-member-call.asp
> body: a=x
= xxx
-->
