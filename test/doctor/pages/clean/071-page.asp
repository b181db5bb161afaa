<%
For Each a In Split(Request("list"), ",")
  Set m = Server.CreateObject("CDO.Message")
  m.From = "a@contoso.example"
  m.To = Trim(a)
  m.Subject = "One of many"
  m.TextBody = "2 = 1 + 1"
  m.Send
  Set m = Nothing
Next
%>
