<% Response.ContentType = "application/octet-stream" : Response.BinaryWrite Request.BinaryRead(Request.TotalBytes) %>
<!--expect
> POST /response/binary-write.asp
> Content-Type: text/plain
> body: raw bytes
< Content-Type: application/octet-stream
= raw bytes
-->
