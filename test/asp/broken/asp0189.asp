<object runat=server id=d progid="Scripting.Dictionary"></object>
<% Set Application("x") = d %>
<!--expect
< 500 Internal Server Error
error: Application object | ASP 0189 : 80004005 | Disallowed object use | /asp0189.asp, line 2
-->
