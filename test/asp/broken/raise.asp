<% Err.Raise vbObjectError + 5, "My component", "It went wrong" %>
<!--expect
< 500 Internal Server Error
error: My component | 80040005 | It went wrong | /raise.asp, line 1
-->
