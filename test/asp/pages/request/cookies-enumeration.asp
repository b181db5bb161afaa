<% For Each c In Request.Cookies %><%= c %>:<% If Request.Cookies(c).HasKeys Then %><% For Each k In Request.Cookies(c) %><%= k %>=<%= Request.Cookies(c)(k) %>,<% Next %><% Else %><%= Request.Cookies(c) %><% End If %>;<% Next %>|<%= Request.Cookies.Count %>|<%= Request.Cookies.Key(1) %>|<%= Request.Cookies("k").Count %>
<!--expect
> GET /request/cookies-enumeration.asp
> Cookie: s=1; k=a=x&b=y
= s:1;k:a=x,b=y,;|2|s|2
-->
