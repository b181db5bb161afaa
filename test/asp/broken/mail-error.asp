<% Set m = CreateObject("CDO.Message")
m.To = "a@example.test"
m.Send %>
<!--expect
< 500 Internal Server Error
error: CDO.Message.1 | 8004020d | … | /mail-error.asp, line 3
-->
