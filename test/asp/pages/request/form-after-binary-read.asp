<% On Error Resume Next
y = Request.BinaryRead(1)
x = Request.Form("a")
Response.Write Err.Description & vbCrLf
Err.Clear
x = Request("a")
Response.Write Err.Description %>
<!--expect
> POST /request/form-after-binary-read.asp
> body: a=1
= 007~ASP 0207~Cannot use Request.Form~Cannot use Request.Form collection after calling BinaryRead.
= 007~ASP 0208~Cannot use generic Request collection~Cannot use the generic Request collection after calling BinaryRead.
-->
