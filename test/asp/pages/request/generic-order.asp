<%= Request("a") %><%= Request("b") %><%= Request("c") %>|<%= Request("REMOTE_ADDR") %>|<%= Request.Item("a") %>
<!--expect
> POST /request/generic-order.asp?a=q
> Cookie: a=cookie; b=cookie; c=cookie
> body: a=form&b=form
= qformcookie|192.0.2.7|q
-->
