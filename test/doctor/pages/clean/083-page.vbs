Set d = CreateObject("CDO.DropDirectory")
For Each x In d.GetMessages(WScript.Arguments(0))
  WScript.Echo x.Subject
Next
