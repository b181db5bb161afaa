<% t = Request.Form("t") %><%= Len(t) %> <%= AscW(t) %> <%= AscW(Right(t, 1)) %>
<!--expect
> POST /request/form-ansi.asp
> body: t=%FC%80
= 2 252 8364
-->
