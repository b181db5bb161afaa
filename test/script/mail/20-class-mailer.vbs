Option Explicit
' A mailer as a class, with a queue that is sent when the object goes away.
Class Mailer
  Private conf, waiting
  Public From
  Private Sub Class_Initialize
    Set waiting = CreateObject("Scripting.Dictionary")
    From = "class@example.test"
  End Sub
  Public Property Let Server(value)
    Set conf = CreateObject("CDO.Configuration")
    conf.Fields("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
    conf.Fields("http://schemas.microsoft.com/cdo/configuration/smtpserver") = value
    conf.Fields("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 2525
    conf.Fields.Update
  End Property
  Public Property Get Count
    Count = waiting.Count
  End Property
  Public Default Function Add(toAddress, subject, body)
    waiting.Add waiting.Count, Array(toAddress, subject, body)
    Set Add = Me
  End Function
  Private Sub Class_Terminate
    Dim entry, msg
    For Each entry In waiting.Items
      Set msg = CreateObject("CDO.Message")
      Set msg.Configuration = conf
      msg.From = From: msg.To = entry(0): msg.Subject = entry(1): msg.TextBody = entry(2)
      msg.Send
      WScript.Echo "sent " & entry(1)
    Next
  End Sub
End Class

Dim m
Set m = New Mailer
m.Server = "mail.example.test"
m.Add("ann@example.net", "first", "1").Add "bob@example.net", "second", "2"
WScript.Echo m.Count & " waiting"
Set m = Nothing
WScript.Echo "done"
