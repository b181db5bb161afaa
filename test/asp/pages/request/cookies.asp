<%= Request.Cookies("plain") %>|<%= Request.Cookies("user")("name") %>|<%= Request.Cookies("user").HasKeys %>|<%= Request.Cookies("plain").HasKeys %>|<%= Request.Cookies("user") %>
<!--expect
> GET /request/cookies.asp
> Cookie: plain=a+b%21; user=name=Ann&id=5
= a b!|Ann|True|False|name=Ann&id=5
-->
