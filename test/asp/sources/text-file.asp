<%
Set files = Server.CreateObject("Scripting.FileSystemObject")
Set message = files.CreateTextFile("C:\Inetpub\Mailroot\Pickup\order.txt")
message.WriteLine "From: robot@contoso.com"
message.WriteLine "To: user@contoso.com"
message.WriteLine "Subject: Text file"
message.WriteLine ""
message.WriteLine "This message is a file."
message.Close
%>
sent
