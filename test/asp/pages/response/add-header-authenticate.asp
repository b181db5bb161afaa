<% Response.Status = "401 Unauthorized" : Response.AddHeader "WWW-Authenticate", "Basic realm=""x""" : Response.End %>
<!--expect
< 401 Unauthorized
< WWW-Authenticate: Basic realm="x"
-->
