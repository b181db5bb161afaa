<object runat=server progid=Scripting.Dictionary></object>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0123 | Missing Id attribute | /asp0123.asp, line 1
-->
