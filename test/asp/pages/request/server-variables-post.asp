<%= Request.ServerVariables("REQUEST_METHOD") %> <%= Request.ServerVariables("CONTENT_TYPE") %> <%= Request.ServerVariables("CONTENT_LENGTH") %>
<!--expect
> POST /request/server-variables-post.asp
> body: a=1
= POST application/x-www-form-urlencoded 3
-->
