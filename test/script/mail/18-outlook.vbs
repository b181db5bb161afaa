' The way of the desktop: Outlook by automation.
Const olMailItem = 0
Set ol = CreateObject("Outlook.Application")
ol.GetNamespace("MAPI").Logon
Set item = ol.CreateItem(olMailItem)
item.To = "ann@example.net; bob@example.net"
item.Recipients.Add("carl@example.net").Type = 3
item.Subject = "Weekly report"
item.HTMLBody = "<p>See <i>attachment</i></p>"
item.Attachments.Add "C:\jobs\data\table.csv"
item.Importance = 2
item.Send
WScript.Echo TypeName(item) & " sent: " & item.Sent
