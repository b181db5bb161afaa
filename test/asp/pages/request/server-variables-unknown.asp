[<%= Request.ServerVariables("NO_SUCH") %>]<%= Request.ServerVariables("NO_SUCH").Count %><%= Request.ServerVariables("Content_Length") = 0 %>
<!--expect
= []0True
-->
