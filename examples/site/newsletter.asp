<%@ Language=VBScript CodePage=65001 %>
<% Option Explicit
Dim title, action, email, name, message, problem, connection
title = "Newsletter" %>
<!--#include file="inc/functions.inc"-->
<%
Set connection = Server.CreateObject("ADODB.Connection")
connection.Open "DSN=newsletter"

action = Request.Form("action") & ""
email = LCase(OneLine(Request.Form("email")))
name = OneLine(Request.Form("name"))
If action = "subscribe" Then Subscribe
If action = "send" Then SendAll

Sub Subscribe
  Dim command
  If Not IsMailAddress(email) Then
    problem = "Please give your mail address."
    Exit Sub
  End If
  Set command = Server.CreateObject("ADODB.Command")
  Set command.ActiveConnection = connection
  command.CommandText = "DELETE FROM [Subscribers] WHERE [Email] = ?"
  command.Parameters.Append command.CreateParameter("email", 200, 1, 200, email)
  command.Execute
  Set command = Server.CreateObject("ADODB.Command")
  Set command.ActiveConnection = connection
  command.CommandText = "INSERT INTO [Subscribers] ([Email], [Name], [Since]) VALUES (?, ?, Now())"
  command.Parameters.Append command.CreateParameter("email", 200, 1, 200, email)
  command.Parameters.Append command.CreateParameter("name", 200, 1, 200, name)
  command.Execute
  message = email & " is subscribed."
End Sub

Sub SendAll
  Dim subscribers, mail, count
  count = 0
  Set subscribers = connection.Execute("SELECT [Email], [Name] FROM [Subscribers] ORDER BY [Email]")
  Do While Not subscribers.EOF
    Set mail = Server.CreateObject("CDO.Message")
    mail.From = """The Pie Shop"" <news@pies.example>"
    mail.To = subscribers("Email").Value
    mail.Subject = "Pies of the month"
    mail.BodyPart.Charset = "utf-8"
    mail.HTMLBody = "<html><body><p>Dear " & Server.HTMLEncode(subscribers("Name").Value & "") & ",</p><p>the price list is attached.</p></body></html>"
    mail.AddAttachment Server.MapPath("files/prices.txt")
    mail.Fields("urn:schemas:mailheader:List-Unsubscribe") = "<mailto:news@pies.example?subject=unsubscribe>"
    mail.Fields.Update
    mail.Send
    CountMail
    count = count + 1
    subscribers.MoveNext
  Loop
  subscribers.Close
  message = "The newsletter was sent to " & count & " subscribers."
End Sub
%>
<!--#include file="inc/top.inc"-->
<% If message <> "" Then %><p class="done" id="done"><%= Server.HTMLEncode(message) %></p><% End If %>
<% If problem <> "" Then %><p class="problem" id="problem"><%= Server.HTMLEncode(problem) %></p><% End If %>
<table id="subscribers">
<tr><th>Address</th><th>Name</th><th>Since</th></tr>
<%
Dim list
Set list = connection.Execute("SELECT [Email], [Name], [Since] FROM [Subscribers] ORDER BY [Email]")
While Not list.EOF
%>
<tr><td><%= Server.HTMLEncode(list("Email")) %></td><td><%= Server.HTMLEncode(list("Name") & "") %></td><td><%= list("Since") %></td></tr>
<%
  list.MoveNext
Wend
list.Close
connection.Close
%>
</table>
<form method="post" action="newsletter.asp">
<label>Address <input name="email"></label>
<label>Name <input name="name"></label>
<button name="action" value="subscribe">Subscribe</button>
<button name="action" value="send">Send the newsletter to all</button>
</form>
<!--#include file="inc/bottom.inc"-->
