<!--METADATA TYPE="typelib" UUID="CD000000-8B95-11D1-82DB-00C04FB1625D" NAME="CDO for Windows 2000 Library" -->
<%
Dim iMsg, iConf
Set iMsg = CreateObject("CDO.Message")
Set iConf = CreateObject("CDO.Configuration")
With iConf.Fields
  .Item(cdoSendUsingMethod) = cdoSendUsingPort
  .Item(cdoSMTPServer) = "mail.contoso.example"
  .Item(cdoSMTPServerPort) = 25
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
