<%@ Language=VBScript CodePage=65001 %>
<% Option Explicit
' Passwords are not mailed, as they once were: a link that works once is.
Dim title, email, sent, problem
title = "Password reminder" %>
<!--#include file="inc/functions.inc"-->
<%
email = LCase(OneLine(Request.Form("email")))
If Request.ServerVariables("REQUEST_METHOD") = "POST" Then
  If Not IsMailAddress(email) Then
    problem = "Please give your mail address."
  ElseIf Session("Reminders") >= 3 Then
    problem = "Three reminders are enough. Please look into your mailbox."
  Else
    Session("Reminders") = Session("Reminders") + 1
    SendReminder
    ' The answer is the same whether the address is known or not.
    sent = True
  End If
End If

Sub SendReminder
  Dim connection, command, users, token, mail
  Set connection = Server.CreateObject("ADODB.Connection")
  connection.Open "Provider=Microsoft.Jet.OLEDB.4.0;Data Source=C:\Demo\newsletter.mdb"
  Set command = Server.CreateObject("ADODB.Command")
  Set command.ActiveConnection = connection
  command.CommandText = "SELECT [UserName] FROM [Users] WHERE [Email] = ?"
  command.Parameters.Append command.CreateParameter("email", 200, 1, 200, email)
  Set users = command.Execute
  If Not users.EOF Then
    token = Replace(Replace(Replace(Server.CreateObject("Scriptlet.TypeLib").Guid, "{", ""), "}", ""), Chr(0), "")
    connection.Execute "UPDATE [Users] SET [Token] = '" & Replace(Left(token, 36), "'", "''") & "' WHERE [Email] = '" & Replace(email, "'", "''") & "'"
    Set mail = Server.CreateObject("CDO.Message")
    mail.From = "accounts@pies.example"
    mail.To = email
    mail.Subject = "Your password at The Pie Shop"
    mail.TextBody = "Hello " & users("UserName").Value & "," & vbCrLf & vbCrLf & _
      "choose a new password here:" & vbCrLf & _
      "http://" & Request.ServerVariables("SERVER_NAME") & ":" & Request.ServerVariables("SERVER_PORT") & "/password.asp?token=" & Left(token, 36) & vbCrLf
    mail.Send
    CountMail
  End If
  users.Close
  connection.Close
End Sub
%>
<!--#include file="inc/top.inc"-->
<% If sent Then %>
<p class="done" id="done">If we know <%= Server.HTMLEncode(email) %>, a mail is on its way.</p>
<% ElseIf Request.QueryString("token") <> "" Then %>
<p class="done">The link works. Choosing a password is left out of this demonstration.</p>
<% Else %>
<% If problem <> "" Then %><p class="problem" id="problem"><%= Server.HTMLEncode(problem) %></p><% End If %>
<form method="post" action="password.asp">
<label>Address <input name="email" value="<%= Server.HTMLEncode(email) %>"></label>
<button>Send a reminder</button>
</form>
<p>Try ada@customers.example.</p>
<% End If %>
<!--#include file="inc/bottom.inc"-->
