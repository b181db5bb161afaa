<%
Class Mailer
  Private m_msg
  Private Sub Class_Initialize()
    Set m_msg = Server.CreateObject("CDO.Message")
    m_msg.Configuration.Fields("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
    m_msg.Configuration.Fields("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "10.0.0.25"
    m_msg.Configuration.Fields("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
    m_msg.Configuration.Fields("http://schemas.microsoft.com/cdo/configuration/smtpauthenticate") = 1
    m_msg.Configuration.Fields("http://schemas.microsoft.com/cdo/configuration/smtpusessl") = True
    m_msg.Configuration.Fields("http://schemas.microsoft.com/cdo/configuration/sendusername") = "robot"
    m_msg.Configuration.Fields("http://schemas.microsoft.com/cdo/configuration/sendpassword") = Application("pw")
    m_msg.Configuration.Fields.Update
  End Sub
  Public Property Let Recipient(value)
    m_msg.To = value
  End Property
  Public Sub Deliver()
    m_msg.From = "a@contoso.example"
    m_msg.Subject = "class"
    m_msg.Send
  End Sub
End Class
Dim x : Set x = New Mailer
x.Recipient = "b@contoso.example"
x.Deliver
%>
