<%
x = 5
If x > 3 Then
%>
<p>CDO is <%= "great" %></p>
<% ElseIf x = 2 Then %>
<p>two</p>
<% Else %>
<p>else</p>
<% End If %>
<%
Dim i
For i = 1 To 3
%><li><%= i %></li><%
Next
Set m = Server.CreateObject("CDO.Message") : m.From = "a@contoso.example" : m.To = "b@contoso.example" : m.Send
%>
