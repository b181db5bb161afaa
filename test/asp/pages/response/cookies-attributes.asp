<% With Response.Cookies("c") : .Domain = "example.test" : .Path = "/shop" : .Secure = True : .Expires = #1/1/2030# : End With : Response.Cookies("c") = "v" %>
<!--expect
< Set-Cookie: c=v; expires=Tue, 01 Jan 2030 00:00:00 GMT; domain=example.test; path=/shop; secure
-->
