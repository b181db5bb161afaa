<% Loop %>
<!--expect
< 500 Internal Server Error
error: Microsoft VBScript compilation | 800a040e | 'loop' without 'do' | /loop-without-do.asp, line 1
-->
