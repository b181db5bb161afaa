<% On Error Resume Next
x = Request.Form("a")
y = Request.BinaryRead(1)
Response.Write Err.Description %>
<!--expect
> POST /request/binary-read-after-form.asp
> body: a=1
= 007~ASP 0206~Cannot call BinaryRead~Cannot call BinaryRead after using Request.Form collection.
-->
