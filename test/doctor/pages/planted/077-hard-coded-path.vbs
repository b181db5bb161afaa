Set m = CreateObject("CDO.Message")
m.From = "a@contoso.example"
m.To = "b@contoso.example"
m.AddAttachment "\\files\share\a.txt"
m.Send
