<object runat=server id=a></object>
<!--expect
< 500 Internal Server Error
error: Active Server Pages | ASP 0119 | Missing Classid or Progid attribute | /asp0119.asp, line 1
-->
