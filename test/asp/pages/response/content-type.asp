<% Response.ContentType = "text/plain" : Response.Charset = "iso-8859-1" %><%= Response.ContentType & Response.Charset %>
<!--expect
< Content-Type: text/plain; Charset=iso-8859-1
= text/plainiso-8859-1
-->
