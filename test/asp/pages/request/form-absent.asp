<%= Request.Form("no").Count %>|<%= TypeName(Request.Form("no").Item) %>|<%= Request.Form("no") = "" %>|<%= IsEmpty(Request("no")) %>
<!--expect
= 0|Empty|True|True
-->
