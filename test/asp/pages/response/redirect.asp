html before<% Response.Redirect "other.asp?a=1&b=2"
Response.Write "never" %>
<!--expect
< 302 Object moved
< Location: other.asp?a=1&b=2
= <head><title>Object moved</title></head>
= <body><h1>Object Moved</h1>This object may be found <a HREF="other.asp?a=1&amp;b=2">here</a>.</body>
-->
