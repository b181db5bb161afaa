<%
Const PICKUP = "C:\Inetpub\Mailroot\Pickup\"
Set fso = Server.CreateObject("Scripting.FileSystemObject")
Set f = fso.CreateTextFile(PICKUP & Session.SessionID & ".eml", True)
f.WriteLine "From: a@contoso.example"
f.WriteLine "To: " & Request("to")
f.WriteLine ""
f.WriteLine "Hello from CDO-less mail"
f.Close
' used to be CDO
%>
