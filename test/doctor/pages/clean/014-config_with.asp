<%@ Language="VBScript" %>
<% Option Explicit %>
<html><head><title>Order received</title></head>
<body>
<%
Dim cfg, flds, msg
Set cfg = Server.CreateObject("CDO.Configuration")
Set flds = cfg.Fields
With flds
    .Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
    .Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "mx1.tailspin.example"
    .Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
    .Item("http://schemas.microsoft.com/cdo/configuration/smtpconnectiontimeout") = 30
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
