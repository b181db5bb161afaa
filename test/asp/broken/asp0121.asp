<object runat=server id=a scope=session progid=Scripting.Dictionary></object>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0121 | Invalid Scope in object tag | /asp0121.asp, line 1
-->
