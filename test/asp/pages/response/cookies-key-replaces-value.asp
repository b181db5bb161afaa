<% Response.Cookies("c") = "plain" : Response.Cookies("c")("k") = "v" : Response.Cookies("d")("k") = "v" : Response.Cookies("d") = "plain" %>
<!--expect
< Set-Cookie: c=k=v; path=/
< Set-Cookie: d=plain; path=/
-->
