<% If True Then %>
text
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript compilation | 800a03f6 | Expected 'End' | /expected-end.asp, line 2
-->
