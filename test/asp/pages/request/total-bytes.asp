<%= Request.TotalBytes %> <%= VarType(Request.TotalBytes) %>
<!--expect
> POST /request/total-bytes.asp
> body: a=12345
= 7 3
-->
