x
<object runat=server id=a progid="No.Such"></object>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0134 | Invalid ProgID attribute | /asp0134.asp, line 2
-->
