[<%= Request.Cookies("no") %>][<%= Request.Cookies("no")("key") %>]<%= Request.Cookies("no").HasKeys %>
<!--expect
= [][]False
-->
