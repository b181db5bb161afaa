<%= Request.Form("name") %>|<%= Request.Form("missing") %>|<%= Request.Form("NAME") = "Ann" %>
<!--expect
> POST /request/form.asp
> body: name=Ann&x=1
= Ann||True
-->
