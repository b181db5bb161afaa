<object runat=server id=a classid="clsid:00000000-0000-0000-0000-000000000000"></object>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0133 | Invalid ClassID attribute | /asp0133.asp, line 1
-->
