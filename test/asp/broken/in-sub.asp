<% Sub Inner
  x = CDate("no date")
End Sub
Inner %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript runtime | 800a000d | Type mismatch: 'CDate' | /in-sub.asp, line 2
-->
