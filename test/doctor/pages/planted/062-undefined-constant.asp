<%
Dim iMsg, iConf
Set iMsg = CreateObject("CDO.Message")
Set iConf = CreateObject("CDO.Configuration")
With iConf.Fields
  .Item(cdoSendUsingMethod) = cdoSendUsingPort
  .Item(cdoSMTPServer) = "10.0.0.25"
  .Item(cdoSMTPServerPort) = 25
  .Update
End With
With iMsg
  Set .Configuration = iConf
  .To = "a@contoso.example"
  .From = "b@contoso.example"
  .Subject = "typelib"
  .TextBody = "t"
  .Send
End With
%>
