<%@ Language=VBScript CodePage=65001 %>
<% Option Explicit
Dim title, problem, fileName, fileBytes, saved
title = "Send a file" %>
<!--#include file="inc/functions.inc"-->
<!--#include file="inc/upload.inc"-->
<%
If Request.ServerVariables("REQUEST_METHOD") = "POST" Then
  If ReadUpload("file", fileName, fileBytes) Then
    saved = SaveUpload(fileName, fileBytes)
    MailUpload saved
  Else
    problem = "Please choose a file."
  End If
End If

Sub MailUpload(path)
  Dim mail
  Set mail = Server.CreateObject("CDO.Message")
  mail.From = "upload@pies.example"
  mail.To = "staff@customers.example"
  mail.Subject = "A file: " & OneLine(fileName)
  mail.TextBody = "Somebody sent us the file that is attached." & vbCrLf
  mail.AddAttachment path
  mail.Send
  CountMail
End Sub
%>
<!--#include file="inc/top.inc"-->
<% If saved <> "" Then %>
<p class="done" id="done"><%= Server.HTMLEncode(fileName) %>, <%= LenB(fileBytes) %> bytes, is with us.</p>
<% Else %>
<% If problem <> "" Then %><p class="problem" id="problem"><%= Server.HTMLEncode(problem) %></p><% End If %>
<form method="post" action="upload.asp" enctype="multipart/form-data">
<label>File <input type="file" name="file"></label>
<button>Send</button>
</form>
<% End If %>
<!--#include file="inc/bottom.inc"-->
