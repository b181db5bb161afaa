Sub ISMTPOnArrival_OnArrival(ByVal Msg, EventStatus)
  Msg.EnvelopeFields("http://schemas.microsoft.com/cdo/smtpenvelope/recipientlist") = "SMTP:a@contoso.example;"
  Msg.EnvelopeFields.Update
  Msg.DataSource.Save
  EventStatus = 0
End Sub
