<%
' It’s a “nice” comment: see https://schemas.microsoft.com/cdo/configuration/sendusing (wrong!)
Set m = CreateObject("CDO.Message")
m.Subject = "He said “hello”"
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.TextBody = "Don’t panic, “Arthur”"
m.Send
%>
<p>“Thank you”</p>
