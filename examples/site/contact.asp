<%@ Language=VBScript CodePage=65001 %>
<% Option Explicit
Dim title, name, email, comments, way, problem, sent
title = "Contact" %>
<!--#include file="inc/functions.inc"-->
<%
sent = False
name = OneLine(Request.Form("name"))
email = OneLine(Request.Form("email"))
comments = Request.Form("comments") & ""
way = Request.Form("way") & ""

If Request.ServerVariables("REQUEST_METHOD") = "POST" Then
  If name = "" Or comments = "" Then
    problem = "Please tell us your name and what it is about."
  ElseIf Not IsMailAddress(email) Then
    problem = "Please give an address that we can answer to."
  Else
    On Error Resume Next
    Select Case way
      Case "smtp" SendBySmtp
      Case "cdonts" SendByCdonts
      Case Else SendByPickup
    End Select
    If Err.Number <> 0 Then
      problem = "The mail could not be sent: " & Err.Description
    Else
      sent = True
      CountMail
    End If
    On Error GoTo 0
  End If
End If

' By the local mail service: no configuration at all.
Sub SendByPickup
  Dim mail
  Set mail = Server.CreateObject("CDO.Message")
  mail.From = "website@pies.example"
  mail.To = "staff@customers.example"
  mail.ReplyTo = email
  mail.Subject = "Contact form: " & name
  mail.BodyPart.Charset = "utf-8"
  mail.TextBody = Letter()
  mail.Send
  Set mail = Nothing
End Sub

' By a server that is named.
Sub SendBySmtp
  Const SCHEMA = "http://schemas.microsoft.com/cdo/configuration/"
  Dim mail
  Set mail = Server.CreateObject("CDO.Message")
  With mail.Configuration.Fields
    .Item(SCHEMA & "sendusing") = 2
    .Item(SCHEMA & "smtpserver") = Application("SmtpServer")
    .Item(SCHEMA & "smtpserverport") = Application("SmtpPort")
    .Item(SCHEMA & "smtpconnectiontimeout") = 20
    .Update
  End With
  mail.From = """The Pie Shop"" <website@pies.example>"
  mail.To = "staff@customers.example"
  mail.ReplyTo = email
  mail.Subject = "Contact form: " & name
  mail.BodyPart.Charset = "utf-8"
  mail.HTMLBody = "<p>" & Replace(Server.HTMLEncode(Letter()), vbCrLf, "<br>") & "</p>"
  mail.Send
  Set mail = Nothing
End Sub

' As pages of 1998 did it.
Sub SendByCdonts
  Dim mail
  Set mail = Server.CreateObject("CDONTS.NewMail")
  mail.Value("Reply-To") = email
  mail.Send "website@pies.example", "staff@customers.example", "Contact form: " & name, Letter()
  Set mail = Nothing
End Sub

Function Letter()
  Letter = "From: " & name & " (" & email & ")" & vbCrLf & vbCrLf & comments & vbCrLf
End Function
%>
<!--#include file="inc/top.inc"-->
<% If sent Then %>
<p class="done" id="done">Thank you, <%= Server.HTMLEncode(name) %>. We answer to <%= Server.HTMLEncode(email) %>.</p>
<% Else %>
<% If problem <> "" Then %><p class="problem" id="problem"><%= Server.HTMLEncode(problem) %></p><% End If %>
<form method="post" action="contact.asp">
<label>Name <input name="name" value="<%= Server.HTMLEncode(name) %>"></label>
<label>Address <input name="email" value="<%= Server.HTMLEncode(email) %>"></label>
<label>Comments <textarea name="comments" rows="5"><%= Server.HTMLEncode(comments) %></textarea></label>
<label>Way <select name="way">
<option value="pickup">CDO by Pickup</option>
<option value="smtp"<% If way = "smtp" Then Response.Write " selected" %>>CDO by SMTP</option>
<option value="cdonts"<% If way = "cdonts" Then Response.Write " selected" %>>CDONTS</option>
</select></label>
<button>Send</button>
</form>
<% End If %>
<!--#include file="inc/bottom.inc"-->
