<% Response.Cookies("a") = "x y&z" : Response.Cookies("k")("one") = 1 : Response.Cookies("k")("two") = "ü" %><%= Response.Cookies("k").HasKeys %> <%= Response.Cookies.Count %> <%= Response.Cookies.Key(1) %>
<!--expect
< Set-Cookie: a=x+y%26z; path=/
< Set-Cookie: k=one=1&two=%C3%BC; path=/
= True 2 a
-->
