<% On Error Resume Next
x = Request.Form(3)
Response.Write Err.Number & ":" & Err.Description
Err.Clear
x = Request.Form("a")(2)
Response.Write Err.Number
Err.Clear
x = Request.Form.Key(0)
Response.Write Err.Number %>
<!--expect
> POST /request/form-index-out-of-range.asp
> body: a=1
= -2147467259:007~ASP 0105~Index out of range~An array index is out of range.-2147467259-2147467259
-->
