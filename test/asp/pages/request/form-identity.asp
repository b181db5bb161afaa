<% Set a = Request.Form("name") %><%= a Is Request.Form(1) %> <%= Request.Form("x") Is Request.Form("name") %>
<!--expect
> POST /request/form-identity.asp
> body: name=1&x=2
= True False
-->
