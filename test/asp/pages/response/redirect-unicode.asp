<%@ CODEPAGE=65001 %><% Response.Redirect "/café bar" %>
<!--expect
< Location: /caf%C3%A9%20bar
-->
