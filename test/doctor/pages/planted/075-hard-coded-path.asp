<%@ LANGUAGE = VBScript %>
<html>
<body bgcolor="#ffffff">
<h1>Thank you</h1>
<%
Set m = Server.CreateObject("CDO.Message")
m.From = "a@contoso.example"
m.To = Request("to")
m.Subject = "Price list"
m.AddAttachment "C:\Inetpub\wwwroot\files\prices.pdf"
m.Send
%>
