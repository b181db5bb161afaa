<%
Dim folder, m
folder = "D:\reports\"
Set m = CreateObject("CDO.Message")
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.AddAttachment folder & "daily.xls"
m.Send
%>
