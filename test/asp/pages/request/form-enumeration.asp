<% For Each k In Request.Form %><%= k %>=<%= Request.Form(k) %>;<% Next %>
<% For i = 1 To Request.Form.Count %><%= Request.Form.Key(i) %>:<%= Request.Form.Item(i) %>;<% Next %>
<!--expect
> POST /request/form-enumeration.asp
> body: z=1&a=2&Z=3
= z=1, 3;a=2;
= z:1, 3;a:2;
-->
