' Loads a saved message, changes it and sends it on; keeps a copy.
Set stream = CreateObject("ADODB.Stream")
stream.Open
stream.Type = 2
stream.Charset = "us-ascii"
stream.LoadFromFile "C:\jobs\saved.eml"
Set msg = CreateObject("CDO.Message")
msg.DataSource.OpenObject stream, "_Stream"
WScript.Echo msg.Subject & " from " & msg.From
msg.To = "ann@example.net"
msg.Subject = "FW: " & msg.Subject
msg.Send
msg.GetStream.SaveToFile "C:\jobs\copy.eml", 2
WScript.Echo CreateObject("Scripting.FileSystemObject").FileExists("C:\jobs\copy.eml")
