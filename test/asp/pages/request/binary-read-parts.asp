<% n = 3 : a = Request.BinaryRead(n) : Response.Write LenB(a) & n
n = 10 : b = Request.BinaryRead(n) : Response.Write "|" & LenB(b) & n %>
<!--expect
> POST /request/binary-read-parts.asp
> Content-Type: text/plain
> body: hello
= 33|22
-->
