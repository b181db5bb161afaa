<% For i = 1 To 3 %>x
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript compilation | 800a03fc | Expected 'Next' | /expected-next.asp, line 1
-->
