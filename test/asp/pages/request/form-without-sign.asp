<%= Request.QueryString %>|<%= Request.QueryString.Count %>|<%= Request.QueryString(1) %>
<!--expect
> GET /request/form-without-sign.asp?word
= word|1|word
-->
