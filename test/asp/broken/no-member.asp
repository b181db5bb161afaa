<% Set m = CreateObject("CDO.Message")
m.Attach "x" %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript runtime | 800a01b6 | Object doesn't support this property or method: 'Attach' | /no-member.asp, line 2
-->
