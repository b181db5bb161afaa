<% On Error Resume Next
y = Request.BinaryRead(-1)
Response.Write Err.Description %>
<!--expect
= 007~ASP 0247~Bad Argument to BinaryRead~The argument to BinaryRead must be non-negative.
-->
