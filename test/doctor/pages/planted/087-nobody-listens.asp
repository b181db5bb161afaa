<%@ LANGUAGE = VBScript %>
<html>
<body bgcolor="#ffffff">
<h1>Thank you</h1>
<%
Dim cfg, flds, msg
Set cfg = Server.CreateObject("CDO.Configuration")
Set flds = cfg.Fields
With flds
    .Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
    .Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "127.0.0.1"
    .Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 1
    .Update
End With
Set msg = Server.CreateObject("CDO.Message")
With msg
    Set .Configuration = cfg
    .To = Request("to")
    .From = "web@contoso.example"
    .Subject = "x"
    .TextBody = "y"
    .Send
End With
Set msg = Nothing : Set cfg = Nothing
%>
