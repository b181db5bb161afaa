<% Set d = CreateObject("Scripting.Dictionary") : d("k") = "name" %><%= Request.QueryString(d("k")) %>
<!--expect
> GET /request/form-object-key.asp?name=v
= v
-->
