<object runat=server id=Server progid="Scripting.Dictionary"></object>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0136 | Invalid object instance name | /asp0136.asp, line 1
-->
