<% On Error Resume Next : Response.Redirect "/x" : Response.Write "never" %>
<!--expect
< 302 Object moved
< Location: /x
-->
