<%= Request.Form %>|<%= Request.Form() %>
<!--expect
> POST /request/form-raw.asp
> body: a=b%20c&d=
= a=b%20c&d=|a=b%20c&d=
-->
