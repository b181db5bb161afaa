' CDONTS with everything in one call, then a second message with its own object.
CreateObject("CDONTS.NewMail").Send "web@example.test", "ann@example.net; bob@example.net", "One call", "All in one.", 2
Set m = CreateObject("CDONTS.NewMail")
m.Send "web@example.test", "carl@example.net", "Skipped", , 0
On Error Resume Next
m.Send "web@example.test", "carl@example.net", "Again", "x"
WScript.Echo Hex(Err.Number)
