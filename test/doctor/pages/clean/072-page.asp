<%
On Error Resume Next
Set m = Server.CreateObject("CDO.Message")
m.From = "a@contoso.example": m.To = "b@contoso.example"
m.Send
If Err.Number = -2147220973 Then Response.Write "no connection" Else If Err Then Response.Write Err.Description
On Error GoTo 0
%>
